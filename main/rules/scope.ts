import type { Finding } from '../contract/finding.ts';
import { isRecord, onlyValue, parseJson, textOf, valuesIn } from './extended-json.ts';
import { type JudgedCall, type Query, queriesOf } from './judged-call.ts';

/**
 * Whose documents a query is about. In production all users' documents are in one collection, so that each query
 * needs the user's or the app's id: as the value of `user_id` or `app_id`, at its top level, in `$and`, or in every
 * branch of `$or`.
 */

/** How far a filter narrows a query down. */
interface Narrowed {
  readonly isScoped: boolean;
  /** The users whose documents it asks for. */
  readonly users: readonly string[];
}

const WIDE: Narrowed = { isScoped: false, users: [] };

/** One finding for each rule, command and collection, however often it was sent. */
export function findScope(call: JudgedCall): readonly Finding[] {
  const found = new Map<string, Finding>();
  const note = (rule: Finding['rule'], query: Query, text: string) => {
    const { command, collection, at } = query;
    const key = JSON.stringify([rule, command, collection]);
    if (!found.has(key)) found.set(key, { rule, text, collection, child: at });
  };
  const known = new KnownIds(call.userId);
  for (const query of queriesOf(call)) {
    const scope = query.scope === undefined ? undefined : parseJson(query.scope);
    // Too long to be told, or not about documents.
    if (!isRecord(scope)) continue;
    const { isScoped, users } = judge(query, scope, known);
    if (isScoped) known.learn(query, scope);
    else if (!call.isMuted(query.collection)) note('not-scoped', query, describeWide(query));
    const other = users.find((user) => user !== call.userId);
    if (other !== undefined) note('other-user', query, describeOther(query, other, call.userId));
  }
  return [...found.values()];
}

function describeWide({ command, collection }: Query): string {
  return `Not scoped: ${command} on ${collection} without user_id or app_id; in production it holds all users' documents.`;
}

function describeOther({ command, collection }: Query, user: string, caller: string): string {
  return `Scoped to another user: ${command} on ${collection} with user_id "${user}"; "${caller}" calls.`;
}

type Scope = Readonly<Record<string, unknown>>;

function judge(query: Query, { documents, filter }: Scope, known: KnownIds): Narrowed {
  if (Array.isArray(documents)) {
    return every(documents.filter(isRecord).map((document) => narrow(document, () => false)));
  }
  if (!isRecord(filter)) return { isScoped: true, users: [] };
  // The number of all documents, which is kept beside them.
  if (query.command === 'count' && Object.keys(filter).length === 0) return { isScoped: true, users: [] };
  return narrow(filter, (id) => known.has(query, id));
}

/** As MongoDB's: it refuses what is nested deeper. */
const MAX_DEPTH = 100;

function narrow(filter: Scope, isKnown: (id: string) => boolean, depth = 0): Narrowed {
  if (depth > MAX_DEPTH) return { isScoped: true, users: [] };
  const inner = (condition: unknown) =>
    branchesOf(condition).map((branch) => narrow(branch, isKnown, depth + 1));
  const parts = Object.entries(filter).map(([key, condition]) => {
    if (key === '$and') return some(inner(condition));
    if (key === '$or') return every(inner(condition));
    const value = onlyValue(condition);
    if (key === '_id') {
      const ids = value === undefined ? valuesIn(condition) : [value];
      return { isScoped: ids !== undefined && ids.length > 0 && ids.every(isKnown), users: [] };
    }
    if (value === undefined) return WIDE;
    if (key === 'user_id') return { isScoped: true, users: [value] };
    return key === 'app_id' ? { isScoped: true, users: [] } : WIDE;
  });
  return some(parts);
}

function branchesOf(condition: unknown): readonly Scope[] {
  return Array.isArray(condition) ? condition.map((branch) => (isRecord(branch) ? branch : {})) : [];
}

function some(parts: readonly Narrowed[]): Narrowed {
  return { isScoped: parts.some(({ isScoped }) => isScoped), users: parts.flatMap(({ users }) => users) };
}

function every(parts: readonly Narrowed[]): Narrowed {
  const isScoped = parts.length > 0 && parts.every((part) => part.isScoped);
  return { isScoped, users: parts.flatMap(({ users }) => users) };
}

/** The ids of documents that the call read or inserted scoped: what it does with them is scoped, too. */
class KnownIds {
  readonly #userId: string;
  readonly #ids = new Map<string, Set<string>>();

  constructor(userId: string) {
    this.#userId = userId;
  }

  /** A user's own document has the user's id. */
  has(query: Query, id: string): boolean {
    return id === this.#userId || this.#ids.get(placeOf(query))?.has(id) === true;
  }

  learn(query: Query, { documents, ids }: Scope): void {
    const inserted = Array.isArray(documents) ? documents.filter(isRecord).map(({ _id }) => _id) : [];
    const place = placeOf(query);
    const known = this.#ids.get(place) ?? new Set();
    this.#ids.set(place, known);
    for (const id of [...inserted, ...(Array.isArray(ids) ? ids : [])]) {
      const text = textOf(id);
      if (text !== undefined) known.add(text);
    }
  }
}

function placeOf({ database, collection }: Query): string {
  return JSON.stringify([database, collection]);
}
