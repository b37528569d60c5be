import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { TRACE_LIMITS, TraceStore } from '../../main/traces/store/store.ts';
import { OWNER, traceOf } from './trace-fixture.ts';

/**
 * A store of traces on disk in a process of its own, which does what it is told until it is killed. Arguments: the
 * user's folder, the thread's script.
 */
export type StoreRequest =
  /** Adds the traces of these numbers. */
  | { readonly id: number; readonly add: readonly number[] }
  | { readonly id: number; readonly ask: 'clear' | 'close' | 'list' };

export interface StoreAnswer {
  readonly id: number;
  /** Newest first, once earlier runs' are read back; only for `list`. */
  readonly listed: readonly StoredTrace[];
  /** Lines on disk that are no traces. */
  readonly damaged: number;
}

export interface StoredTrace {
  readonly seq: number;
  /** What it was added as; null when it does not hold what was added. */
  readonly number: number | null;
}

/** Every seventh is large, so that segments fill. */
const paddingOf = (number: number) => ({ padding: 'x'.repeat(number % 7 === 0 ? 20_000 : 10) });
const tracesOf = (number: number) => traceOf(number, { received: paddingOf(number) });

const [configPath = '', script = ''] = process.argv.slice(2);
const store = new TraceStore(TRACE_LIMITS, {
  configPath,
  script,
  owner: OWNER,
  maxTraces: 100_000,
  maxBytes: 8 * 1024 * 1024,
});
const opened = store.open();

async function list(): Promise<Omit<StoreAnswer, 'id'>> {
  while (store.list({ limit: 1 }).reading) await delay(1);
  const { traces, damaged = 0, place } = store.list({ limit: 100_000 });
  if (place !== 'disk') throw new Error(store.notices().join());
  const listed: StoredTrace[] = [];
  for (const { id, seq } of traces) {
    const number = Number.parseInt(id, 16);
    const isWhole = isDeepStrictEqual(await store.read(id), { ...tracesOf(number), seq });
    listed.push({ seq, number: isWhole ? number : null });
  }
  return { listed, damaged };
}

async function answer(request: StoreRequest): Promise<StoreAnswer> {
  await opened;
  let found: Omit<StoreAnswer, 'id'> = { listed: [], damaged: 0 };
  if ('add' in request) for (const number of request.add) store.add(tracesOf(number));
  else if (request.ask === 'list') found = await list();
  else await store[request.ask]();
  return { id: request.id, ...found };
}

process.on('message', (request: StoreRequest) => {
  answer(request)
    .then((given) => process.send?.(given))
    .catch((error: unknown) => {
      throw error;
    });
});
process.once('disconnect', () => process.exit());
