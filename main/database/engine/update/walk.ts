import { showValue } from '../collection-index.ts';
import { DatabaseError } from '../errors.ts';
import { isIndex, type Path } from '../paths.ts';
import type { Found, Query } from '../query/query.ts';
import { type Document, isArray, isDocument, type Maybe, type Value } from '../values.ts';

/** The place in a document that a modifier changes. */
export interface Slot {
  /** The path from the document to it, without `$`s. */
  readonly path: string;
  readonly value: Maybe;
  set(value: Value): void;
  /** Of an array's element, null stays. */
  remove(): void;
}

export interface WalkOptions {
  /** Whether documents are made on the way to a place that isn't there. */
  readonly creates: boolean;
  /** Where the query matched: what `$` stands for. */
  readonly found: Found;
  /** What `$[name]` stands for. */
  readonly arrayFilters: ReadonlyMap<string, Query>;
}

/** As many as MongoDB adds to reach a position in an array. */
const MAX_PADDING = 1_500_000;

/**
 * Calls `change` for each place that a path of an update leads to.
 * @throws {DatabaseError} PathNotViable through a scalar, BadValue for a `$` without an array
 */
export function walkPath(
  document: Document,
  path: Path,
  options: WalkOptions,
  change: (slot: Slot) => void,
): void {
  new Walk(path, options, change).into(document, 0, []);
}

class Walk {
  private readonly path: Path;
  private readonly options: WalkOptions;
  private readonly change: (slot: Slot) => void;

  constructor(path: Path, options: WalkOptions, change: (slot: Slot) => void) {
    this.path = path;
    this.options = options;
    this.change = change;
  }

  into(container: Document | Value[], depth: number, taken: readonly string[]): void {
    for (const part of this.partsIn(container, depth, taken)) {
      const slot = isArray(container)
        ? elementSlot(container, Number(part), [...taken, part])
        : fieldSlot(container, part, [...taken, part]);
      if (depth === this.path.length - 1) this.change(slot);
      else this.through(slot, container, depth, [...taken, part]);
    }
  }

  private through(slot: Slot, container: Document | Value[], depth: number, taken: readonly string[]): void {
    const next = this.path[depth + 1] ?? '';
    const { value } = slot;
    if (next.startsWith('$')) {
      if (isArray(value)) this.into(value, depth + 1, taken);
      else throw noArray(slot);
      return;
    }
    if (isDocument(value) || (isArray(value) && isIndex(next))) {
      this.into(value, depth + 1, taken);
    } else if (this.options.creates) {
      if (value !== undefined) throw cannotCreate(next, taken.at(-1) ?? '', value);
      const made: Document = new Map();
      checkRoom(container, taken.at(-1) ?? '');
      slot.set(made);
      this.into(made, depth + 1, taken);
    }
  }

  /** The names or positions that a part of the path stands for. */
  private partsIn(container: Document | Value[], depth: number, taken: readonly string[]): readonly string[] {
    const part = this.path[depth] ?? '';
    if (!isArray(container)) return [part];
    if (part === '$') {
      const { position } = this.options.found;
      if (position !== undefined) return [String(position)];
      throw new DatabaseError(
        'BadValue',
        'The positional operator did not find the match needed from the query.',
      );
    }
    const positions = container.map((_, index) => String(index));
    if (part === '$[]') return positions;
    if (part.startsWith('$[')) {
      const filter = this.options.arrayFilters.get(part.slice(2, -1));
      return positions.filter((_, index) => filter?.(new Map([['', container[index] ?? null]])) === true);
    }
    if (isIndex(part)) {
      checkRoom(container, part);
      return [part];
    }
    if (this.options.creates) throw cannotCreate(part, taken.at(-1) ?? '', container);
    return [];
  }
}

function checkRoom(container: Document | Value[], part: string): void {
  if (isArray(container) && Number(part) - container.length > MAX_PADDING) {
    throw new DatabaseError('CannotBackfillArray', `can't backfill more than ${MAX_PADDING} elements`);
  }
}

function cannotCreate(part: string, parent: string, value: Value): DatabaseError {
  return new DatabaseError(
    'PathNotViable',
    `Cannot create field '${part}' in element {${parent}: ${showValue(value)}}`,
  );
}

function noArray({ path, value }: Slot): DatabaseError {
  return new DatabaseError(
    'BadValue',
    value === undefined
      ? `The path '${path}' must exist in the document in order to apply array updates.`
      : `Cannot apply array updates to non-array element ${path}: ${showValue(value)}`,
  );
}

function fieldSlot(container: Document, name: string, taken: readonly string[]): Slot {
  return {
    path: taken.join('.'),
    value: container.get(name),
    set: (value) => container.set(name, value),
    remove: () => container.delete(name),
  };
}

function elementSlot(container: Value[], index: number, taken: readonly string[]): Slot {
  return {
    path: taken.join('.'),
    value: container[index],
    set(value) {
      while (container.length < index) container.push(null);
      container[index] = value;
    },
    remove() {
      if (index < container.length) container[index] = null;
    },
  };
}
