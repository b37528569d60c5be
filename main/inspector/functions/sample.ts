import { z } from 'zod';
import type { SampleFunctions } from '../../contract/sample.ts';
import { createSampleFiles } from '../../plugins/authoring/samples.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { bodyText, name } from './fields.ts';

const revision = z.string().max(64);

export const SAMPLE_ARGUMENTS: ArgumentsOf<SampleFunctions> = {
  samples: z.strictObject({ plugin: name }),
  // What is wrong with a name is better said by the part that knows the rule.
  saveSample: z.strictObject({
    plugin: name,
    name: z.string().max(300),
    body: bodyText,
    replaces: revision.nullable(),
  }),
  renameSample: z.strictObject({ plugin: name, name, to: z.string().max(300) }),
  deleteSample: z.strictObject({ plugin: name, name }),
};

export function createSampleHandlers({ engine }: HandlerDeps): HandlersOf<SampleFunctions> {
  const files = createSampleFiles(() => engine.folder().path);
  return {
    samples: ({ plugin }) => files.list(plugin),
    saveSample: ({ plugin, ...wish }) => files.save(plugin, wish),
    renameSample: ({ plugin, name, to }) => files.rename(plugin, name, to),
    deleteSample: ({ plugin, name }) => files.delete(plugin, name),
  };
}
