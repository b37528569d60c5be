import type { ChildScope } from '../../../contract/host.ts';

/** What MongoDB's commands and their answers say, in the words of a child span. */

export type BsonObject = Readonly<Record<string, unknown>>;

/** What drivers send by themselves, and what only ends a cursor. */
export function isOwnCommand(name: string): boolean {
  return /^(hello|ismaster|ping|endSessions|killCursors|authenticate|logout|sasl.*)$/i.test(name);
}

export function collectionOf(name: string, command: BsonObject): string | null {
  const value = name === 'getMore' ? command.collection : command[name];
  return typeof value === 'string' ? value : null;
}

/** The filter, or the pipeline, or the documents; undefined where it has none. */
export function filterOf(name: string, command: BsonObject): unknown {
  if (name === 'insert') return command.documents;
  if (name === 'aggregate') return command.pipeline;
  if (name === 'update' || name === 'delete') {
    const filters = statementFilters(name, command);
    return filters.length === 1 ? filters[0] : filters;
  }
  return name === 'find' ? (command.filter ?? {}) : command.query;
}

/** Of a command that reads or changes documents; null of any other. */
export function scopeOf(name: string, command: BsonObject): ChildScope | null {
  switch (name) {
    case 'insert':
      return { documents: listOf(command.documents).map(ownership) };
    case 'aggregate':
      return { filter: objectOf(listOf(command.pipeline)[0]).$match ?? {} };
    case 'update':
    case 'delete': {
      const filters = statementFilters(name, command);
      return { filter: filters.length === 1 ? filters[0] : { $or: filters } };
    }
    case 'find':
      return { filter: command.filter ?? {} };
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return { filter: command.query ?? {} };
    default:
      return null;
  }
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
  const isWrite = name === 'insert' || name === 'delete';
  return { returned: [], documents: isWrite ? numberOf(reply.n) : null };
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

function statementFilters(name: 'update' | 'delete', command: BsonObject): unknown[] {
  return listOf(command[`${name}s`]).map((statement) => objectOf(statement).q ?? {});
}

function ownership(document: unknown): BsonObject {
  const { _id, user_id, app_id } = objectOf(document);
  return { _id, user_id, app_id };
}

function numberOf(value: unknown): number | null {
  const number = Number(value);
  return value === null || value === undefined || !Number.isFinite(number) ? null : number;
}
