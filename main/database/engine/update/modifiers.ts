import { type Long, Timestamp } from 'bson';
import { showValue } from '../collection-index.ts';
import { compare } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import {
  calculateExactly,
  isInteger,
  isLong,
  isNumeric,
  makeInteger,
  type Numeric,
  toBigInt,
} from '../numbers.ts';
import { type Document, isDocument, typeName, type Value } from '../values.ts';
import type { Slot } from './walk.ts';

/** What a modifier needs to know beside its operand. */
export interface ModifierContext {
  /** The document, as it was, for messages. */
  readonly before: Document;
  readonly now: Date;
}

export interface Modifier {
  /** Whether it makes the field, and documents on the way to it. */
  readonly creates: boolean;
  /** @throws {DatabaseError} when no field may have this operand */
  prepare(operand: Value, path: string): (slot: Slot, context: ModifierContext) => void;
}

function idOf({ before }: ModifierContext): string {
  return `{_id: ${showValue(before.get('_id') ?? null)}}`;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

const set: Modifier = {
  creates: true,
  prepare: (operand) => (slot) => slot.set(operand),
};

const unset: Modifier = {
  creates: false,
  prepare: () => (slot) => slot.remove(),
};

function arithmetic(name: '$inc' | '$mul', verb: string): Modifier {
  const operation = name === '$inc' ? 'add' : 'multiply';
  return {
    creates: true,
    prepare(operand, path) {
      if (!isNumeric(operand)) {
        throw new DatabaseError(
          'TypeMismatch',
          `Cannot ${verb} with non-numeric argument: {${path}: ${showValue(operand)}}`,
        );
      }
      return (slot, context) => {
        const value: Value = slot.value ?? (slot.value === undefined ? 0 : null);
        if (!isNumeric(value)) {
          throw new DatabaseError(
            'TypeMismatch',
            `Cannot apply ${name} to a value of non-numeric type. ${idOf(context)} has the field '${lastName(slot.path)}' of non-numeric type ${typeName(value)}`,
          );
        }
        slot.set(changed(value, operand, operation, name, context));
      };
    },
  };
}

function changed(
  value: Numeric,
  operand: Numeric,
  operation: 'add' | 'multiply',
  name: string,
  context: ModifierContext,
): Value {
  const result = calculateExactly(operation, value, operand);
  if (result !== undefined) return result;
  throw new DatabaseError(
    'BadValue',
    `Failed to apply ${name} operations to current value (${value}) for document ${idOf(context)}`,
  );
}

/** The lesser or the greater of both stays. */
function extreme(direction: 1 | -1): Modifier {
  return {
    creates: true,
    prepare: (operand) => (slot) => {
      if (slot.value === undefined || compare(operand, slot.value) * direction < 0) slot.set(operand);
    },
  };
}

const currentDate: Modifier = {
  creates: true,
  prepare(operand) {
    const type = isDocument(operand) ? operand.get('$type') : operand;
    if (type === 'timestamp') return (slot) => slot.set(timestamp());
    if (type === 'date' || type === true || type === false) return (slot, { now }) => slot.set(now);
    throw new DatabaseError(
      'BadValue',
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  },
};

function timestamp(): Timestamp {
  return Timestamp.fromBits(1, Math.floor(Date.now() / 1000));
}

const BITS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const bit: Modifier = {
  creates: true,
  prepare(operand, path) {
    if (!isDocument(operand) || operand.size === 0) {
      throw new DatabaseError(
        'BadValue',
        `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
      );
    }
    for (const [name, value] of operand) {
      if (BITS[name] === undefined)
        throw new DatabaseError(
          'BadValue',
          `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${showValue(value)}}`,
        );
      if (!isInteger(value))
        throw new DatabaseError(
          'BadValue',
          `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(value)}' is not supported here: {${path}: ${showValue(value)}}`,
        );
    }
    return (slot, context) => {
      const value = slot.value === undefined ? 0 : slot.value;
      if (!isInteger(value)) {
        throw new DatabaseError(
          'BadValue',
          `Cannot apply $bit to a value of non-integral type.${idOf(context)} has the field ${lastName(slot.path)} of non-integer type ${typeName(value)}`,
        );
      }
      slot.set(combineBits(value, operand));
    };
  },
};

function combineBits(value: number | Long, operand: Document): Value {
  let bits = toBigInt(value);
  let isWide = isLong(value);
  for (const [name, by] of operand) {
    if (!isInteger(by)) continue;
    isWide ||= isLong(by);
    bits = BITS[name]?.(bits, toBigInt(by)) ?? bits;
  }
  return makeInteger(bits, isWide) ?? 0;
}

/** Those of one value; lists have theirs in array-modifiers.ts. */
export const valueModifiers: Readonly<Record<string, Modifier>> = {
  $set: set,
  $setOnInsert: set,
  $unset: unset,
  $inc: arithmetic('$inc', 'increment'),
  $mul: arithmetic('$mul', 'multiply'),
  $min: extreme(1),
  $max: extreme(-1),
  $currentDate: currentDate,
  $bit: bit,
};
