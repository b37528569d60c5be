import { createStore } from 'zustand/vanilla';
import { readStored, writeStored } from '../../../page.ts';

const STORED = 'sent-bodies';
/** How many different bodies are stored per plugin, and how long each may be. */
const MAX_BODIES = 8;
const MAX_LENGTH = 16_384;

/** Bodies that were sent, by plugin, latest first; they survive a restart. */
export const sentBodies = createStore<{ readonly byPlugin: Readonly<Record<string, readonly string[]>> }>()(
  () => ({
    byPlugin: readSentBodies(readStored(STORED)),
  }),
);

/** Stores a body as the latest sent to `plugin`; long ones are skipped. */
export function rememberBody(plugin: string, body: string): void {
  if (body.length > MAX_LENGTH) return;
  const { byPlugin } = sentBodies.getState();
  const older = (Object.hasOwn(byPlugin, plugin) ? byPlugin[plugin] : undefined) ?? [];
  const latest = [body, ...older.filter((each) => each !== body)].slice(0, MAX_BODIES);
  const next = { ...byPlugin, [plugin]: latest };
  sentBodies.setState({ byPlugin: next });
  writeStored(STORED, next);
}

/** The stored bodies, each checked: an older or hand-edited store must not break the screen. */
export function readSentBodies(stored: unknown): Readonly<Record<string, readonly string[]>> {
  if (typeof stored !== 'object' || stored === null) return {};
  const lists = Object.entries(stored).map(([plugin, bodies]) => {
    const texts = Array.isArray(bodies) ? bodies.filter((body) => typeof body === 'string') : [];
    return [plugin, texts.slice(0, MAX_BODIES)] as const;
  });
  return Object.fromEntries(lists);
}
