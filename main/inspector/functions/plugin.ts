import { resolve } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../../contract/errors.ts';
import { LANGUAGES, type PluginFunctions } from '../../contract/plugin-view.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { createAndFind } from './create-plugin.ts';
import { name } from './fields.ts';
import { openPluginFile } from './open-plugin-file.ts';

const filePath = z
  .string()
  .min(1)
  .max(1_000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  .regex(/^[^\u0000-\u001f]*$/, 'holds characters that no path of a plugin has');
const place = z.int().min(1).max(10_000_000);

export const PLUGIN_ARGUMENTS: ArgumentsOf<PluginFunctions> = {
  reloadPlugin: z.strictObject({ name }),
  restartPlugin: z.strictObject({ name }),
  setPluginEnabled: z.strictObject({ name, enabled: z.boolean() }),
  createPlugin: z.strictObject({
    // What is wrong with a name is better said by the part that knows the rule.
    name: z.string().max(300),
    language: z.enum(LANGUAGES),
  }),
  debugPlugin: z.strictObject({ name, on: z.boolean() }),
  openPluginFolder: z.strictObject({ name: name.nullable() }),
  openInEditor: z.strictObject({
    name,
    file: filePath.exactOptional(),
    line: place.exactOptional(),
    column: place.exactOptional(),
  }),
  pluginReloads: z.strictObject({ name }),
};

export function createPluginHandlers(deps: HandlerDeps): HandlersOf<PluginFunctions> {
  const { engine, withStats } = deps;
  return {
    reloadPlugin: async ({ name }) => withStats(await engine.reload(name)),
    restartPlugin: async ({ name }) => withStats(await engine.restart(name)),
    setPluginEnabled: async ({ name, enabled }) => withStats(await engine.setEnabled(name, enabled)),
    createPlugin: (wish) => createAndFind(deps, wish),
    debugPlugin: async ({ name, on }) => withStats(await engine.debug(name, on)),
    openPluginFolder: ({ name }) => openPluginFolder(deps, name),
    openInEditor: (wish) => openPluginFile(deps, wish),
    pluginReloads: ({ name }) => engine.history(name),
  };
}

async function openPluginFolder({ engine, desktop }: HandlerDeps, name: string | null): Promise<null> {
  if (name !== null && engine.get(name) === undefined) {
    throw new WorkbenchError('NOT_FOUND', `Plugin '${name}' is not in the watched folder`);
  }
  const root = engine.folder().path;
  const path = name === null ? root : resolve(root, name);
  if (desktop === null) {
    throw new WorkbenchError('BAD_REQUEST', `A browser can't open folders; this one is ${path}`);
  }
  await desktop.openPath(path);
  return null;
}
