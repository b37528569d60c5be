import type { CallReport, PluginEngine } from '../plugins/engine/types.ts';
import { findIn } from '../rules/findings.ts';
import type { Mutes } from '../rules/mutes.ts';
import type { Judge } from '../traces/record/facts.ts';

/** Has rules look at a call that got as far as its plugin. */
export function judgeOf(
  { engine, mutes }: { readonly engine: PluginEngine; readonly mutes: Pick<Mutes, 'has'> },
  plugin: string,
  userId: string,
  { result, blockedMs, unawaited, droppedChildren }: CallReport,
): Judge {
  const language = engine.get(plugin)?.language ?? 'python';
  const thrown = result.kind === 'threw' ? result : null;
  const isMuted = (collection: string) => mutes.has(collection);
  const call = { userId, language, thrown, blockedMs, unawaited, droppedChildren, isMuted };
  return (children) => findIn({ ...call, children });
}
