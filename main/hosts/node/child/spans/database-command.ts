import type { ChildScope } from '../../../../contract/host.ts';

/** What MongoDB's commands and their answers say, in the words of a child span. */

export type BsonObject = Readonly<Record<string, unknown>>;

/** What drivers send by themselves, and what only ends a cursor. */
export function isOwnCommand(name: string): boolean {
  return /^(hello|ismaster|ping|buildInfo|endSessions|killCursors|authenticate|getnonce|sasl.*)$/i.test(name);
}

export function collectionOf(name: string, command: BsonObject): string | null {
  const value = name === 'getMore' ? command.collection : command[name];
  return typeof value === 'string' ? value : null;
}

/** What each command is about. */
const SUBJECTS: ReadonlyMap<string, string> = new Map([
  ['find', 'filter'],
  ['count', 'query'],
  ['distinct', 'query'],
  ['findAndModify', 'query'],
  ['aggregate', 'pipeline'],
  ['insert', 'documents'],
  ['update', 'updates'],
  ['delete', 'deletes'],
  ['createIndexes', 'indexes'],
]);

/** The filter, the pipeline, the documents, or what is to be changed; undefined where it has none. */
export function filterOf(name: string, command: BsonObject): unknown {
  return command[SUBJECTS.get(name) ?? ''];
}

/** Of a command that reads or changes documents; null of any other. */
export function scopeOf(name: string, command: BsonObject): ChildScope | null {
  const subject = filterOf(name, command);
  switch (name) {
    case 'insert':
      return { documents: ownersOf(listOf(subject)) };
    case 'aggregate': {
      const first = objectOf(listOf(subject)[0]);
      return Object.keys(first).some((stage) => METADATA.has(stage)) ? null : { filter: first.$match ?? {} };
    }
    case 'update':
    case 'delete': {
      const filters = listOf(subject).map((statement) => objectOf(statement).q ?? {});
      return { filter: filters.length === 1 ? filters[0] : { $or: filters } };
    }
    case 'find':
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return { filter: subject ?? {} };
    default:
      return null;
  }
}

/** Pipelines that begin so read no documents of a collection. */
const METADATA: ReadonlySet<string> = new Set([
  '$collStats',
  '$indexStats',
  '$currentOp',
  '$listSessions',
  '$listLocalSessions',
  '$documents',
  '$changeStream',
]);

/** Documents of one command that rules are told of, whoever they belong to. */
const MAX_OWNED = 100;

/** Of the first hundred, and of the first of each other owner. */
function ownersOf(documents: readonly unknown[]): BsonObject[] {
  const owners = new Set<string>();
  const found: BsonObject[] = [];
  for (const document of documents) {
    const { _id, user_id, app_id } = objectOf(document);
    const owner = `${String(user_id)} ${String(app_id)}`;
    if (found.length >= MAX_OWNED && owners.has(owner)) continue;
    owners.add(owner);
    found.push({ _id, user_id, app_id });
  }
  return found;
}

/** Only what says whose documents a long filter is about. */
export function withoutRest({ filter, documents }: ChildScope): ChildScope {
  return documents === undefined ? { filter: ownershipOf(filter) } : { documents };
}

function ownershipOf(filter: unknown): BsonObject {
  const { _id, user_id, app_id, $and, $or } = objectOf(filter);
  const branches = (value: unknown) => (Array.isArray(value) ? value.map(ownershipOf) : undefined);
  return { _id, user_id, app_id, $and: branches($and), $or: branches($or) };
}

/** A command can succeed of which a write failed. */
export function writeErrorOf(reply: BsonObject): unknown {
  const error = listOf(reply.writeErrors)[0] ?? reply.writeConcernError;
  return error === undefined ? undefined : (objectOf(error).errmsg ?? 'a write failed');
}

/** The documents that it returned, and how many it returned, inserted, modified or deleted. */
export function resultOf(
  name: string,
  reply: BsonObject,
): { readonly returned: readonly unknown[]; readonly documents: number | null } {
  const cursor = objectOf(reply.cursor);
  const batch = cursor.firstBatch ?? cursor.nextBatch;
  if (Array.isArray(batch)) return { returned: batch, documents: batch.length };
  if (name === 'findAndModify') {
    const found = reply.value === null || reply.value === undefined ? [] : [reply.value];
    return { returned: found, documents: numberOf(objectOf(reply.lastErrorObject).n) ?? found.length };
  }
  if (name === 'distinct') return { returned: [], documents: listOf(reply.values).length };
  if (name === 'update') {
    const modified = numberOf(reply.nModified);
    const made = listOf(reply.upserted).length;
    return { returned: [], documents: modified === null ? null : modified + made };
  }
  return { returned: [], documents: numberOf(reply.n) };
}

/** The id of the cursor that has more; null where there is none. */
export function cursorOf(reply: BsonObject): string | null {
  const { id } = objectOf(reply.cursor);
  const text = id === undefined || id === null ? '0' : String(id);
  return text === '0' ? null : text;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function objectOf(value: unknown): BsonObject {
  return typeof value === 'object' && value !== null ? (value as BsonObject) : {};
}

function numberOf(value: unknown): number | null {
  const number = Number(value);
  return value === null || value === undefined || !Number.isFinite(number) ? null : number;
}
