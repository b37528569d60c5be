import { showValue } from '../collection-index.ts';
import { compare, isEqual, keyOf } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { isNumeric, toNumber } from '../numbers.ts';
import { compileElement, compileQuery, isOperators } from '../query/query.ts';
import { isRegex } from '../query/regex.ts';
import { compileSort } from '../sort.ts';
import { type Document, isArray, isDocument, type Maybe, typeName, type Value } from '../values.ts';
import type { Modifier, ModifierContext } from './modifiers.ts';
import type { Slot } from './walk.ts';

interface Pushed {
  readonly items: readonly Value[];
  readonly position: number | undefined;
  readonly slice: number | undefined;
  readonly sort: ((items: readonly Value[]) => Value[]) | undefined;
}

const CLAUSES = ['$each', '$position', '$slice', '$sort'];

function parsePush(operand: Value): Pushed {
  if (!isDocument(operand) || !operand.has('$each')) {
    return { items: [operand], position: undefined, slice: undefined, sort: undefined };
  }
  const unknown = [...operand.keys()].find((name) => !CLAUSES.includes(name));
  if (unknown !== undefined) throw new DatabaseError('BadValue', `Unrecognized clause in $push: ${unknown}`);
  const sort = operand.get('$sort');
  return {
    items: requireEach(operand, '$push'),
    position: wholeNumber(operand.get('$position'), '$position'),
    slice: wholeNumber(operand.get('$slice'), '$slice'),
    sort: sort === undefined ? undefined : parseSortClause(sort),
  };
}

function requireEach(operand: Document, name: string): readonly Value[] {
  const each = operand.get('$each');
  if (isArray(each)) return each;
  throw new DatabaseError(
    name === '$push' ? 'BadValue' : 'TypeMismatch',
    `The argument to $each in ${name} must be an array but it was of type: ${typeName(each)}`,
  );
}

function wholeNumber(value: Maybe, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (isNumeric(value) && Number.isInteger(toNumber(value))) return toNumber(value);
  throw new DatabaseError(
    'BadValue',
    `The value for ${name} must be an integer value but was given type: ${typeName(value)}`,
  );
}

function parseSortClause(spec: Value): (items: readonly Value[]) => Value[] {
  if (isDocument(spec)) {
    const sort = compileSort(spec);
    return (items) => sort(items, (item) => (isDocument(item) ? item : new Map()));
  }
  const direction = isNumeric(spec) ? toNumber(spec) : 0;
  if (direction !== 1 && direction !== -1) {
    throw new DatabaseError('BadValue', 'The $sort element value must be either 1 or -1');
  }
  return (items) => items.slice().sort((a, b) => direction * compare(a, b));
}

function arrayIn(slot: Slot, { before }: ModifierContext): readonly Value[] {
  if (slot.value === undefined) return [];
  if (isArray(slot.value)) return slot.value;
  throw new DatabaseError(
    'BadValue',
    `The field '${slot.path}' must be an array but is of type ${typeName(slot.value)} in document {_id: ${showValue(before.get('_id') ?? null)}}`,
  );
}

const push: Modifier = {
  creates: true,
  prepare(operand) {
    const { items, position, slice, sort } = parsePush(operand);
    return (slot, context) => {
      let list = arrayIn(slot, context).slice();
      list.splice(position ?? list.length, 0, ...items);
      if (sort !== undefined) list = sort(list);
      if (slice !== undefined) list = slice < 0 ? list.slice(slice) : list.slice(0, slice);
      slot.set(list);
    };
  },
};

const addToSet: Modifier = {
  creates: true,
  prepare(operand) {
    const isEach = isDocument(operand) && operand.has('$each');
    const items = isEach ? requireEach(operand, '$addToSet') : [operand];
    return (slot) => {
      const { value } = slot;
      if (value !== undefined && !isArray(value)) {
        throw new DatabaseError(
          'BadValue',
          `Cannot apply $addToSet to non-array field. Field named '${slot.path}' has non-array type ${typeName(value)}`,
        );
      }
      const list = [...(value ?? [])];
      const known = new Set(list.map(keyOf));
      for (const item of items) {
        if (!known.has(keyOf(item))) list.push(item);
        known.add(keyOf(item));
      }
      slot.set(list);
    };
  },
};

/** By equality; of documents by their fields; by operators when there are any. */
function pullTest(operand: Value): (item: Value) => boolean {
  if (isOperators(operand) || isRegex(operand)) return compileElement(operand);
  if (isDocument(operand)) {
    const query = compileQuery(operand);
    return (item) => isDocument(item) && query(item);
  }
  return (item) => isEqual(item, operand);
}

function remover(name: string, testFor: (operand: Value) => (item: Value) => boolean): Modifier {
  return {
    creates: false,
    prepare(operand) {
      const isRemoved = testFor(operand);
      return ({ value, set }) => {
        if (value === undefined) return;
        if (!isArray(value)) throw new DatabaseError('BadValue', `Cannot apply ${name} to a non-array value`);
        set(value.filter((item) => !isRemoved(item)));
      };
    },
  };
}

function pullAllTest(operand: Value): (item: Value) => boolean {
  if (!isArray(operand)) {
    throw new DatabaseError(
      'BadValue',
      `$pullAll requires an array argument but was given a ${typeName(operand)}`,
    );
  }
  const keys = new Set(operand.map(keyOf));
  return (item) => keys.has(keyOf(item));
}

const pop: Modifier = {
  creates: false,
  prepare(operand) {
    const end = isNumeric(operand) ? toNumber(operand) : Number.NaN;
    if (end !== 1 && end !== -1) {
      throw new DatabaseError('FailedToParse', `$pop expects 1 or -1, found: ${showValue(operand)}`);
    }
    return ({ value, path, set }) => {
      if (value === undefined) return;
      if (!isArray(value)) {
        throw new DatabaseError(
          'TypeMismatch',
          `Path '${path}' contains an element of non-array type '${typeName(value)}'`,
        );
      }
      set(end === 1 ? value.slice(0, -1) : value.slice(1));
    };
  },
};

export const arrayModifiers: Readonly<Record<string, Modifier>> = {
  $push: push,
  $addToSet: addToSet,
  $pull: remover('$pull', pullTest),
  $pullAll: remover('$pullAll', pullAllTest),
  $pop: pop,
};
