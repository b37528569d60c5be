import type { Finding } from '../contract/finding.ts';
import { isRecord, isTyped, parseJson } from './extended-json.ts';
import { type JudgedCall, type Query, queriesOf } from './judged-call.ts';

/** From here on it is a loop, not a handful of reads. */
const REPETITIONS = 5;

interface Group {
  readonly first: Query;
  /** Of the first one. */
  readonly filter: unknown;
  /** Fields of the filter that had other values later. */
  readonly varied: Set<string>;
  count: number;
}

/** The same command on the same collection with a filter of the same shape, again and again ("N+1"). */
export function findRepeated(call: JudgedCall): readonly Finding[] {
  const groups = new Map<string, Group>();
  for (const query of queriesOf(call)) {
    const { command, database, collection } = query;
    const filter = query.filter === null ? null : parseJson(query.filter);
    const shape = command === 'insert' ? null : shapeOf(filter);
    const key = JSON.stringify([command, database, collection, shape]);
    const group = groups.get(key) ?? { first: query, filter, varied: new Set(), count: 0 };
    groups.set(key, group);
    group.count += 1;
    noteVaried(group, filter);
  }
  const isCut = call.droppedChildren > 0;
  return [...groups.values()]
    .filter(({ count }) => count >= REPETITIONS)
    .map((group) => ({
      rule: 'repeated-query',
      text: describe(group, isCut),
      collection: group.first.collection,
      child: group.first.at,
    }));
}

/** Deeper parts are all alike. */
const MAX_DEPTH = 20;

/** A filter with its values replaced. Of a list it has the shapes that occur in it. */
function shapeOf(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) return '…';
  if (Array.isArray(value)) {
    const shapes = new Set(value.map((item) => shapeOf(item, depth + 1)));
    return `[${[...shapes].join()}]`;
  }
  if (!isRecord(value) || isTyped(value)) return '?';
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${shapeOf(value[key], depth + 1)}`).join()}}`;
}

function noteVaried({ filter: first, varied }: Group, filter: unknown): void {
  if (!isRecord(first) || !isRecord(filter)) return;
  for (const [key, value] of Object.entries(filter)) {
    if (!varied.has(key) && JSON.stringify(first[key]) !== JSON.stringify(value)) varied.add(key);
  }
}

function describe({ first: { command, collection }, count, filter, varied }: Group, isCut: boolean): string {
  const times = isCut ? `at least ${count}` : count;
  const head = `Repeated query: ${command} on ${collection} ${times} times in one call, with the same fields`;
  return `${head}. ${adviceOn(command, isRecord(filter) ? [...varied] : null)}`;
}

/** `varied`: null where the filter says nothing of that. */
function adviceOn(command: string, varied: readonly string[] | null): string {
  if (command === 'insert') return 'insert_many (insertMany) inserts all in one command.';
  if (['update', 'delete', 'findAndModify'].includes(command)) {
    return 'bulk_write (bulkWrite) sends all in one command.';
  }
  if (varied?.length === 0) return 'Each had the same values: one may do.';
  const [field] = varied ?? [];
  if (varied?.length === 1 && field?.startsWith('$') === false) {
    return `One query with {${JSON.stringify(field)}: {"$in": […]}} finds all.`;
  }
  return 'One query with $in, or one $lookup, finds all.';
}
