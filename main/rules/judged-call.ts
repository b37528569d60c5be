import type { ChildWork } from '../contract/child-span.ts';
import type { Language } from '../contract/plugin-view.ts';

/** What rules know of one call, unmasked. */
export interface JudgedCall {
  /** Who calls. */
  readonly userId: string;
  readonly language: Language;
  /** What it threw, if it did; null otherwise. */
  readonly thrown: { readonly message: string; readonly stack: string | null } | null;
  /** How long it held the event loop; 0 where that is short. */
  readonly blockedMs: number;
  /** Coroutines that it never awaited, each with the line that dropped it. */
  readonly unawaited: readonly string[];
  /** In order of start. */
  readonly children: readonly JudgedChild[];
  /** How many there were beyond those. */
  readonly droppedChildren: number;
  /** The collection holds documents of no user. */
  isMuted(collection: string): boolean;
}

export interface JudgedChild {
  readonly work: ChildWork;
  /** A `ChildScope` (contract/host.ts) as JSON. */
  readonly scope?: string | undefined;
}

/** A command on the documents of one collection. */
export interface Query {
  /** Of the child. */
  readonly at: number;
  readonly command: string;
  readonly database: string;
  readonly collection: string;
  readonly filter: string | null;
  readonly scope: string | undefined;
}

/** Others are about indexes, collections, the database or the connection. */
const COMMANDS: ReadonlySet<string> = new Set([
  'find',
  'aggregate',
  'count',
  'distinct',
  'insert',
  'update',
  'delete',
  'findAndModify',
]);

/** What rules read of one call, in characters: some 50 ms of the runtime's time. A call's usual queries take 1 KiB. */
const MAX_READ = 512 * 1024;

export function queriesOf({ children }: JudgedCall): readonly Query[] {
  let read = 0;
  return children.flatMap(({ work, scope }, at) => {
    if (work.kind !== 'database' || !COMMANDS.has(work.command)) return [];
    const { command, database, collection, filter } = work;
    if (collection === null || collection.startsWith('system.')) return [];
    read += (scope?.length ?? 0) + (filter?.length ?? 0);
    return read > MAX_READ ? [] : [{ at, command, database, collection, filter, scope }];
  });
}
