import { showValue } from '../collection-index.ts';
import { isEqual } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { type Path, parsePath } from '../paths.ts';
import { compileQuery, type Found, type Query } from '../query/query.ts';
import { compileUpdatePipeline } from '../stages/update-stages.ts';
import {
  copyValue,
  type Document,
  isArray,
  isDocument,
  type Maybe,
  typeName,
  typeOf,
  type Value,
} from '../values.ts';
import { arrayModifiers } from './array-modifiers.ts';
import { type Modifier, type ModifierContext, valueModifiers } from './modifiers.ts';
import { type Slot, walkPath } from './walk.ts';

/** How an update changes one document. */
export interface Update {
  readonly isReplacement: boolean;
  /**
   * A new document; the old one stays as it is.
   * @param isInsert when an upsert makes the document
   * @throws {DatabaseError} when the document is not one that the update can change
   */
  apply(document: Document, found: Found, isInsert: boolean): Document;
}

export interface UpdateOptions {
  readonly arrayFilters?: Maybe;
  /** Variables of a pipeline. */
  readonly let?: Maybe;
}

/** @throws {DatabaseError} FailedToParse, ConflictingUpdateOperators and others for what is no update */
export function compileUpdate(update: Maybe, options: UpdateOptions = {}): Update {
  if (isArray(update)) {
    const pipeline = compileUpdatePipeline(update, options.let);
    return { isReplacement: false, apply: (document) => keepId(document, pipeline(document)) };
  }
  if (!isDocument(update)) {
    throw new DatabaseError('FailedToParse', 'Update argument must be either an object or an array');
  }
  const [first] = update.keys();
  if (first?.startsWith('$') === true) return compileModifiers(update, options.arrayFilters);
  return { isReplacement: true, apply: (document) => replaced(document, update) };
}

function replaced(document: Document, replacement: Document): Document {
  const id = document.get('_id');
  const given = replacement.get('_id');
  if (id !== undefined && given !== undefined && !isSame(id, given)) {
    throw new DatabaseError(
      'ImmutableField',
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${showValue(given)}`,
    );
  }
  const result: Document = new Map();
  const kept = id ?? given;
  if (kept !== undefined) result.set('_id', kept);
  for (const [name, value] of replacement) if (name !== '_id') result.set(name, value);
  return result;
}

function isSame(a: Value, b: Value): boolean {
  return typeOf(a) === typeOf(b) && isEqual(a, b);
}

function keepId(before: Document, after: Document): Document {
  const [id, now] = [before.get('_id'), after.get('_id')];
  if (id === undefined || (now !== undefined && isEqual(id, now))) return after;
  if (now === undefined) return new Map<string, Value>([['_id', id], ...after]);
  throw idChanged();
}

function idChanged(): DatabaseError {
  return new DatabaseError(
    'ImmutableField',
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  );
}

/** One modifier for one path. */
interface Change {
  readonly path: Path;
  readonly creates: boolean;
  readonly isForInsert: boolean;
  change(slot: Slot, context: ModifierContext, document: Document): void;
}

function compileModifiers(update: Document, given: Maybe): Update {
  const arrayFilters = compileArrayFilters(given);
  const changes = Array.from(update, ([name, operands]) => parseModifier(name, operands)).flat();
  checkConflicts(changes);
  checkFilters(changes, arrayFilters);
  // As MongoDB: new fields come in the order of their names, whatever the update's order.
  changes.sort((a, b) => comparePaths(a.path, b.path));
  return {
    isReplacement: false,
    apply(document, found, isInsert) {
      const context = { before: document, now: new Date() };
      const result = copyValue(document);
      for (const { path, creates, isForInsert, change } of changes) {
        if (isForInsert && !isInsert) continue;
        walkPath(result, path, { creates, found, arrayFilters }, (slot) => change(slot, context, result));
      }
      const id = document.get('_id');
      if (id !== undefined && !isEqual(id, result.get('_id'))) throw idChanged();
      return result;
    },
  };
}

const MODIFIERS: Readonly<Record<string, Modifier>> = Object.assign(
  Object.create(null),
  valueModifiers,
  arrayModifiers,
);

function parseModifier(name: string, operands: Value): Change[] {
  const modifier = MODIFIERS[name];
  if (modifier === undefined && name !== '$rename') {
    throw new DatabaseError(
      'FailedToParse',
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!isDocument(operands)) {
    throw new DatabaseError(
      'FailedToParse',
      `Modifiers operate on fields but we found type ${typeName(operands)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${showValue(operands)}}`,
    );
  }
  return Array.from(operands, ([path, operand]) => {
    if (modifier === undefined) return parseRename(path, operand);
    const change = modifier.prepare(operand, path);
    const { creates } = modifier;
    return [{ path: updatePath(path), creates, isForInsert: name === '$setOnInsert', change }];
  }).flat();
}

function updatePath(text: string): Path {
  const path = parsePath(text);
  if (path.includes('')) {
    throw new DatabaseError(
      'EmptyFieldName',
      text === ''
        ? 'An empty update path is not valid.'
        : `The update path '${text}' contains an empty field name, which is not allowed.`,
    );
  }
  if (path[0]?.startsWith('$') === true && path[0] !== '$') {
    throw new DatabaseError(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${path[0]}' in '${text}' is not allowed in the context of an update's replacement document.`,
    );
  }
  if (path[0] === '$') {
    throw new DatabaseError(
      'BadValue',
      `Cannot have positional (i.e. '$') element in the first position in path '${text}'`,
    );
  }
  return path;
}

/** Two changes: the new place takes the value, the old one loses it. */
function parseRename(from: string, to: Value): Change[] {
  if (typeof to !== 'string') {
    throw new DatabaseError(
      'BadValue',
      `The 'to' field for $rename must be a string: ${from}: ${showValue(to)}`,
    );
  }
  const [source, target] = [updatePath(from), updatePath(to)];
  if ([...source, ...target].some((part) => part.startsWith('$'))) {
    throw new DatabaseError(
      'BadValue',
      `The source and the destination field for $rename may not be dynamic: ${from}`,
    );
  }
  const move = (slot: Slot, _: ModifierContext, document: Document) => {
    const { value } = slot;
    if (value === undefined) return;
    slot.remove();
    const options = { creates: true, found: { position: undefined }, arrayFilters: new Map() };
    walkPath(document, target, options, ({ set }) => set(value));
  };
  return [
    { path: source, creates: false, isForInsert: false, change: move },
    { path: target, creates: false, isForInsert: false, change: () => undefined },
  ];
}

function checkConflicts(changes: readonly Change[]): void {
  const texts = changes.map(({ path }) => path.join('.'));
  const known = new Set<string>();
  for (const text of texts) {
    const clash = [...known].find(
      (other) => other === text || other.startsWith(`${text}.`) || text.startsWith(`${other}.`),
    );
    if (clash !== undefined) {
      const shorter = clash.length < text.length ? clash : text;
      throw new DatabaseError(
        'ConflictingUpdateOperators',
        `Updating the path '${text}' would create a conflict at '${shorter}'`,
      );
    }
    known.add(text);
  }
}

function comparePaths(a: Path, b: Path): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    const [x, y] = [Number(part), Number(other)];
    if (Number.isInteger(x) && Number.isInteger(y)) return x - y;
    return part < other ? -1 : 1;
  }
  return a.length - b.length;
}

/** By the name before the first dot, with that name taken away: the rest is asked of each element. */
function compileArrayFilters(given: Maybe): ReadonlyMap<string, Query> {
  const filters = new Map<string, Query>();
  if (given === undefined) return filters;
  if (!isArray(given)) throw new DatabaseError('TypeMismatch', 'arrayFilters must be an array');
  for (const filter of given) {
    if (!isDocument(filter)) throw new DatabaseError('TypeMismatch', 'Each array filter must be an object');
    const name = filterName(filter);
    if (name === undefined) {
      throw new DatabaseError(
        'FailedToParse',
        'Cannot use an expression without a top-level field name in arrayFilters',
      );
    }
    if (filters.has(name)) {
      throw new DatabaseError(
        'FailedToParse',
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    }
    filters.set(name, compileQuery(withoutName(filter)));
  }
  return filters;
}

function filterName(filter: Document): string | undefined {
  for (const [name, value] of filter) {
    if (!name.startsWith('$')) return name.split('.')[0];
    const [inner] = isArray(value) ? value : [];
    if (isDocument(inner)) return filterName(inner);
  }
  return undefined;
}

/** `x.a` becomes `.a`: an element is the field without a name of a document. */
function withoutName(filter: Document): Document {
  return new Map(
    Array.from(filter, ([name, value]): [string, Value] => {
      if (!name.startsWith('$')) return [name.includes('.') ? name.slice(name.indexOf('.')) : '', value];
      return [
        name,
        isArray(value) ? value.map((inner) => (isDocument(inner) ? withoutName(inner) : inner)) : value,
      ];
    }),
  );
}

function checkFilters(changes: readonly Change[], filters: ReadonlyMap<string, Query>): void {
  const used = new Set<string>();
  for (const { path } of changes) {
    for (const part of path) {
      const name = /^\$\[(.+)\]$/.exec(part)?.[1];
      if (name === undefined) continue;
      used.add(name);
      if (!filters.has(name)) {
        throw new DatabaseError(
          'BadValue',
          `No array filter found for identifier '${name}' in path '${path.join('.')}'`,
        );
      }
    }
  }
  const unused = [...filters.keys()].find((name) => !used.has(name));
  if (unused !== undefined) {
    throw new DatabaseError(
      'FailedToParse',
      `The array filter for identifier '${unused}' was not used in the update`,
    );
  }
}
