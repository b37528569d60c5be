import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { TraceQuery } from '../../contract/trace-list.ts';
import type { Place, RowFilter, TraceIndex } from './index.ts';
import { createMatchList, type MatchList } from './match-list.ts';
import { createTextMatcher, type TextMatcher } from './record.ts';

/**
 * Searches for text in whole traces, newest first, a step at a time: those on disk in runs of neighbouring
 * records, read and searched by another thread, those in memory here, a few milliseconds a turn. What a query
 * has found is retained for a while, so that repeating it continues where it stopped. Only the latest query
 * is worked on; another one replaces it.
 */
export interface TextSearches {
  /**
   * Answers when the page is full, everything was searched, or after `PATIENCE_MS` with what there is by
   * then.
   */
  page(query: TextQuery): Promise<FoundPage>;
  /** Forgets what was found. */
  clear(): void;
}

type TextQuery = TraceQuery & { readonly text: string };

interface FoundPage {
  /** Newest first. */
  readonly seqs: readonly number[];
  readonly matched: number;
  /** Traces searched so far; null when all of them are. */
  readonly searched: number | null;
}

export interface TextSources {
  readonly index: TraceIndex;
  /** The record in memory, if it is there. */
  readonly inMemory: (seq: number) => Buffer | undefined;
  /** The `seq` of each record in a run that matches; what can't be read matches nothing. */
  readonly onDisk: (run: Place, text: string) => Promise<readonly number[]>;
}

const PATIENCE_MS = 250;
const MAX_SESSIONS = 4;
/**
 * A step on disk reads this much: some milliseconds of the other thread, which has traces to write in
 * between.
 */
const RUN_BYTES = 4 * 1024 * 1024;
/** Records that no filter asks for are read along up to here, since one long read beats many short ones. */
const GAP_BYTES = 64 * 1024;
/** How long one turn searches in memory. */
const SLICE_MS = 3;

interface Session {
  readonly key: string;
  readonly filter: RowFilter;
  readonly text: string;
  readonly matcher: TextMatcher;
  readonly found: MatchList;
  /** All from `low` to `high`, both included, were searched; empty while `low` is above `high`. */
  low: number;
  high: number;
  running: boolean;
  waiting: (() => void)[];
  /** Why the search broke off. */
  failure: unknown;
}

export function createTextSearches(sources: TextSources): TextSearches {
  const { index } = sources;
  const sessions = new Map<string, Session>();
  let current: Session | null = null;

  function sessionOf({ plugin, outcome, text }: TextQuery): Session {
    const key = JSON.stringify([plugin, outcome, text.toLowerCase()]);
    const session = sessions.get(key) ?? newSession(key, { plugin, outcome }, text);
    sessions.delete(key);
    sessions.set(key, session);
    for (const oldest of sessions.keys()) if (sessions.size > MAX_SESSIONS) sessions.delete(oldest);
    return session;
  }

  function newSession(key: string, filter: RowFilter, text: string): Session {
    const newest = newestSeq(index);
    return {
      key,
      filter,
      text,
      matcher: createTextMatcher(text),
      found: createMatchList(),
      low: newest + 1,
      high: newest,
      running: false,
      waiting: [],
      failure: null,
    };
  }

  /**
   * Searches until nothing is left or another question was asked. Never rejects: a failure is the session's.
   */
  async function run(session: Session): Promise<void> {
    session.running = true;
    try {
      while (current === session && (await step(session, sources))) notify(session);
    } catch (error) {
      session.failure = error;
      sessions.delete(session.key);
    }
    session.running = false;
    notify(session);
  }

  return {
    async page(query) {
      const session = sessionOf(query);
      current = session;
      const { skip = 0, limit, before = Number.POSITIVE_INFINITY } = query;
      const newest = newestSeq(index);
      const giveUpAt = performance.now() + PATIENCE_MS;
      if (!session.running) {
        run(session).catch((error: unknown) => {
          session.failure = error;
        });
      }
      const isFull = () => session.high >= newest && session.found.countBelow(before) >= skip + limit;
      while (current === session && session.running && !isFull() && performance.now() < giveUpAt) {
        await nextStep(session, giveUpAt - performance.now());
      }
      // One who asks again at once must not keep the disk's answers from coming in.
      await turn();
      if (session.failure !== null) throw session.failure;
      session.found.forgetBelow(index.size === 0 ? Number.POSITIVE_INFINITY : index.seqAt(0));
      return {
        seqs: session.found.page(before, skip, limit),
        matched: session.found.countBelow(before),
        searched: isDone(session, index)
          ? null
          : index.countBelow(session.high + 1) - index.countBelow(session.low),
      };
    },
    clear() {
      sessions.clear();
      current = null;
    },
  };
}

const newestSeq = (index: TraceIndex) => (index.size === 0 ? 0 : index.seqAt(index.size - 1));

function isDone({ low, high }: Session, index: TraceIndex): boolean {
  return index.size === 0 || (high >= newestSeq(index) && low <= index.seqAt(0));
}

function notify(session: Session): void {
  for (const wake of session.waiting.splice(0)) wake();
}

/** Until the session has made another step, `ms` at most. */
function nextStep(session: Session, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    session.waiting.push(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Searches some more: new traces first, then older ones. False when there are none left. */
async function step(session: Session, sources: TextSources): Promise<boolean> {
  const { index } = sources;
  if (isDone(session, index)) return false;
  const upwards = session.high < newestSeq(index);
  const matches = index.matcher(session.filter) ?? (() => false);
  const from = upwards ? index.countBelow(session.high + 1) : index.countBelow(session.low) - 1;
  const run = diskRun(index, matches, from, upwards ? 1 : -1);
  if (run === null) {
    await searchMemory(session, sources, { from, upwards, matches });
    return true;
  }
  // Positions shift while the disk is read; numbers of traces don't.
  const end = index.seqAt(run.last);
  const seqs = run.place === null ? [] : await sources.onDisk(run.place, session.text);
  const stillMatches = index.matcher(session.filter) ?? (() => false);
  const wanted = seqs.filter((seq) => {
    const position = index.positionOf(seq);
    return position >= 0 && stillMatches(position);
  });
  if (upwards) session.found.addNewer(wanted.filter((seq) => seq > session.high && seq <= end));
  else session.found.addOlder(wanted.filter((seq) => seq < session.low && seq >= end));
  if (upwards) session.high = end;
  else session.low = end;
  return true;
}

interface DiskRun {
  /** The bytes to search; null when no row in the run is asked for. */
  readonly place: Place | null;
  /** Position of the last row that the run settles. */
  readonly last: number;
}

/**
 * The longest run of rows from `from` on that one read settles; null when the first one to look at is only in
 * memory.
 */
function diskRun(
  index: TraceIndex,
  matches: (position: number) => boolean,
  from: number,
  direction: 1 | -1,
): DiskRun | null {
  let place: Place | null = null;
  let last = from - direction;
  for (let at = from; at >= 0 && at < index.size; at += direction) {
    if (!matches(at)) {
      last = at;
      continue;
    }
    const next = index.placeAt(at);
    if (next === null) break;
    const joined: Place | null = place === null ? next : join(place, next);
    if (joined === null) break;
    place = joined;
    last = at;
  }
  return last === from - direction ? null : { place, last };
}

function join(a: Place, b: Place): Place | null {
  const offset = Math.min(a.offset, b.offset);
  const end = Math.max(a.offset + a.bytes, b.offset + b.bytes);
  const gap = end - offset - a.bytes - b.bytes;
  if (a.segment !== b.segment || end - offset > RUN_BYTES || gap > GAP_BYTES) return null;
  return { segment: a.segment, offset, bytes: end - offset };
}

interface MemoryRun {
  readonly from: number;
  readonly upwards: boolean;
  readonly matches: (position: number) => boolean;
}

async function searchMemory(session: Session, sources: TextSources, run: MemoryRun): Promise<void> {
  const { index, inMemory } = sources;
  const until = performance.now() + SLICE_MS;
  const direction = run.upwards ? 1 : -1;
  for (let at = run.from; at >= 0 && at < index.size && performance.now() < until; at += direction) {
    if (run.matches(at) && index.placeAt(at) !== null) break;
    const seq = index.seqAt(at);
    const record = run.matches(at) ? inMemory(seq)?.toString() : undefined;
    if (record !== undefined && isMatch(session.matcher, record)) {
      if (run.upwards) session.found.addNewer([seq]);
      else session.found.addOlder([seq]);
    }
    if (run.upwards) session.high = seq;
    else session.low = seq;
  }
  await turn();
}

function isMatch(matcher: TextMatcher, record: string): boolean {
  return matcher.mayMatch(record.toLowerCase()) && matcher.match(record) !== null;
}
