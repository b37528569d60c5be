import { DatabaseError, notImplemented } from './errors.ts';
import { compile } from './expressions/compile.ts';
import type { Expression, Scope, Variables } from './expressions/scope.ts';
import { isNumeric, toNumber } from './numbers.ts';
import { parsePath } from './paths.ts';
import { compileField, type Found } from './query/query.ts';
import { type Document, isArray, isDocument, isTruthy, type Value } from './values.ts';

/** Which fields of a document are shown. @param found where the query matched, for `a.$` */
export type Projection = (document: Document, found?: Found, variables?: Variables) => Document;

type Leaf =
  | { readonly kind: 'keep' | 'drop' | 'position' }
  | { readonly kind: 'compute'; readonly expression: Expression }
  | { readonly kind: 'slice'; readonly skip: number; readonly limit: number | undefined }
  | { readonly kind: 'elemMatch'; readonly pick: (items: readonly Value[]) => Value[] };

type Node = Leaf | { readonly kind: 'fields'; readonly fields: Map<string, Node> };

interface Parsed {
  readonly root: Map<string, Node>;
  isInclusion: boolean | undefined;
  readonly isFind: boolean;
}

/**
 * @param isFind `find` has `$slice`, `$elemMatch` and `a.$` of its own
 * @throws {DatabaseError} 31253, 31254 and others
 */
export function compileProjection(spec: Document, { isFind }: { readonly isFind: boolean }): Projection {
  if (spec.size === 0) {
    if (isFind) return (document) => document;
    throw new DatabaseError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  const parsed: Parsed = { root: new Map(), isInclusion: undefined, isFind };
  for (const [name, value] of spec) parseField(parsed, name, value);
  const idNode = parsed.root.get('_id');
  const isInclusion = parsed.isInclusion ?? (idNode?.kind === 'keep' && spec.size === 1);
  if (isInclusion && idNode === undefined) parsed.root.set('_id', { kind: 'keep' });
  return (document, found, variables) => {
    const scope = { root: document, current: document, variables };
    const context = { scope, position: found?.position, isInclusion };
    return project(document, parsed.root, context);
  };
}

function parseField(parsed: Parsed, name: string, value: Value): void {
  if (parsed.isFind && name.endsWith('.$')) {
    note(parsed, name, true);
    place(parsed.root, name.slice(0, -2), { kind: 'position' });
    return;
  }
  if (name.startsWith('$')) {
    throw new DatabaseError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    );
  }
  if (isDocument(value)) {
    parseDocument(parsed, name, value);
  } else if (isNumeric(value) || typeof value === 'boolean') {
    const isKept = isTruthy(value);
    if (name !== '_id') note(parsed, name, isKept);
    place(parsed.root, name, { kind: isKept ? 'keep' : 'drop' });
  } else {
    note(parsed, name, true);
    place(parsed.root, name, { kind: 'compute', expression: compile(value) });
  }
}

function parseDocument(parsed: Parsed, name: string, value: Document): void {
  const [first] = value;
  if (first === undefined)
    throw new DatabaseError(
      51270,
      `An empty sub-projection is not a valid value. Found empty object at path '${name}'`,
    );
  const [operator, operand] = first;
  if (parsed.isFind && operator === '$slice' && isFindSlice(operand)) {
    place(parsed.root, name, sliceOf(operand));
  } else if (parsed.isFind && operator === '$elemMatch') {
    note(parsed, name, true);
    place(parsed.root, name, elemMatchOf(operand));
  } else if (operator === '$meta') {
    throw notImplemented('The projection operator $meta');
  } else if (operator.startsWith('$')) {
    note(parsed, name, true);
    place(parsed.root, name, { kind: 'compute', expression: compile(value) });
  } else {
    for (const [inner, innerValue] of value) parseField(parsed, `${name}.${inner}`, innerValue);
  }
}

/** What a field says about the others. */
function note(parsed: Parsed, name: string, isInclusion: boolean): void {
  if (parsed.isInclusion !== undefined && parsed.isInclusion !== isInclusion) {
    throw isInclusion
      ? new DatabaseError(31253, `Cannot do inclusion on field ${name} in exclusion projection`)
      : new DatabaseError(31254, `Cannot do exclusion on field ${name} in inclusion projection`);
  }
  parsed.isInclusion = isInclusion;
}

function place(root: Map<string, Node>, name: string, leaf: Leaf): void {
  const path = parsePath(name);
  if (path.includes('')) throw new DatabaseError(15998, 'FieldPath field names may not be empty strings.');
  let fields = root;
  for (const [index, part] of path.entries()) {
    const node = fields.get(part);
    if (index === path.length - 1) {
      if (node !== undefined) throw new DatabaseError(31250, `Path collision at ${name}`);
      fields.set(part, leaf);
    } else if (node === undefined) {
      const inner = new Map<string, Node>();
      fields.set(part, { kind: 'fields', fields: inner });
      fields = inner;
    } else if (node.kind === 'fields') {
      fields = node.fields;
    } else {
      throw new DatabaseError(
        31249,
        `Path collision at ${name} remaining portion ${path.slice(index + 1).join('.')}`,
      );
    }
  }
}

function isFindSlice(operand: Value): boolean {
  return (
    isNumeric(operand) ||
    (isArray(operand) && operand.length === 2 && operand.every((item) => isNumeric(item)))
  );
}

function sliceOf(operand: Value): Leaf {
  const [first = 0, second] = (isArray(operand) ? operand : [operand]).map((item) =>
    isNumeric(item) ? toNumber(item) : 0,
  );
  if (second === undefined)
    return { kind: 'slice', skip: first < 0 ? first : 0, limit: first < 0 ? undefined : first };
  if (second <= 0)
    throw new DatabaseError(28724, 'First argument to $slice must be an array, but is of type: int');
  return { kind: 'slice', skip: first, limit: second };
}

function elemMatchOf(operand: Value): Leaf {
  const matches = compileField('list', new Map<string, Value>([['$elemMatch', operand]]));
  return {
    kind: 'elemMatch',
    pick: (items) => items.filter((item) => matches(new Map<string, Value>([['list', [item]]]))).slice(0, 1),
  };
}

interface Context {
  readonly scope: Scope;
  readonly position: number | undefined;
  readonly isInclusion: boolean;
}

function project(document: Document, fields: ReadonlyMap<string, Node>, context: Context): Document {
  const result: Document = new Map();
  for (const [name, value] of document) {
    const node = fields.get(name);
    const shown =
      node === undefined ? undefinedIf(context.isInclusion, value) : projectField(value, node, context);
    if (shown !== undefined) result.set(name, shown);
  }
  for (const [name, node] of fields) {
    if (document.has(name) && node.kind !== 'compute') continue;
    const computed = computeNew(node, context);
    if (computed !== undefined) result.set(name, computed);
  }
  return result;
}

function undefinedIf(isGone: boolean, value: Value): Value | undefined {
  return isGone ? undefined : value;
}

/** `compute` comes after the fields that the document has. */
function projectField(value: Value, node: Node, context: Context): Value | undefined {
  switch (node.kind) {
    case 'keep':
      return value;
    case 'drop':
    case 'compute':
      return undefined;
    case 'fields':
      return projectInside(value, node.fields, context);
    case 'slice':
      return isArray(value) ? sliced(value, node.skip, node.limit) : value;
    case 'elemMatch': {
      const picked = isArray(value) ? node.pick(value) : [];
      return picked.length === 0 ? undefined : picked;
    }
    case 'position':
      return positioned(value, context);
  }
}

function positioned(value: Value, { position }: Context): Value {
  if (!isArray(value)) return value;
  if (position === undefined) {
    throw new DatabaseError(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  }
  return value.slice(position, position + 1);
}

function projectInside(value: Value, fields: ReadonlyMap<string, Node>, context: Context): Value | undefined {
  if (isDocument(value)) return project(value, fields, context);
  if (isArray(value)) {
    return value.map((inner) => projectInside(inner, fields, context)).filter((inner) => inner !== undefined);
  }
  if ([...fields.values()].some(({ kind }) => kind === 'compute')) return project(new Map(), fields, context);
  return context.isInclusion ? undefined : value;
}

function sliced(value: readonly Value[], skip: number, limit: number | undefined): Value[] {
  const from = skip < 0 ? Math.max(0, value.length + skip) : skip;
  return limit === undefined ? value.slice(from) : value.slice(from, from + limit);
}

/** For a field that the document has not. */
function computeNew(node: Node, context: Context): Value | undefined {
  if (node.kind === 'compute') return node.expression(context.scope);
  if (node.kind !== 'fields') return undefined;
  const made = project(new Map(), node.fields, context);
  return made.size === 0 ? undefined : made;
}
