import { HOST_LIMITS, type HostResult } from '../../../contract/host.ts';

/**
 * Checks what a plugin returned and serializes it: only a plain JSON object is a result (CONTRACT.md §4).
 * Never throws.
 */
export function checkResult(value: unknown): HostResult {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid(`it returned ${nameOf(value)}, not a JSON object`, pythonTypeOf(value));
  }
  try {
    return checkJson(JSON.stringify(value, strictReplacer()));
  } catch (error) {
    return invalid(
      error instanceof Unserializable ? error.message : `it can't be serialized: ${describeThrown(error)}`,
    );
  }
}

/** The message of anything thrown. Never throws. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return thrown.message === '' ? thrown.name : String(thrown.message);
    return String(thrown);
  } catch {
    // A hostile toString or getter: no message is available.
    return 'an error without a message';
  }
}

function checkJson(json: string | undefined): HostResult {
  // A class may serialize itself to anything: a Date becomes a string, a toJSON may give undefined.
  if (json === undefined || !json.startsWith('{')) {
    const reason = `it serializes to ${json === undefined ? 'nothing' : short(json)}, not to a JSON object`;
    return invalid(reason, pythonTypeOf(json === undefined ? undefined : JSON.parse(json)));
  }
  const bytes = Buffer.byteLength(json);
  if (bytes <= HOST_LIMITS.resultBytes) return { kind: 'returned', json };
  return invalid(`it is ${megabytes(bytes)} as JSON; the limit is ${megabytes(HOST_LIMITS.resultBytes)}`);
}

class Unserializable extends Error {}

/**
 * A `JSON.stringify` replacer that refuses, with its path, what JSON would silently change (NaN, a nested
 * function) or can't carry (a BigInt, a cycle). Keys whose value is undefined are left out, as JSON.stringify
 * does.
 */
function strictReplacer(): (this: unknown, key: string, value: unknown) => unknown {
  const holders: unknown[] = [];
  const keys: string[] = [];
  return function replace(key, value) {
    // The serializer walks depth first and hands the holder as `this`: unwinding to it yields the path.
    while (holders.length > 0 && holders[holders.length - 1] !== this) {
      holders.pop();
      keys.pop();
    }
    if (holders.length === 0) holders.push(this);
    const problem = problemOf(value) ?? (holders.includes(value) ? 'a cycle' : null);
    if (problem !== null)
      throw new Unserializable(`it holds ${problem} at ${pathOf([...keys.slice(1), key])}`);
    if (typeof value === 'object' && value !== null) {
      holders.push(value);
      keys.push(key);
    }
    return value;
  };
}

function problemOf(value: unknown): string | null {
  switch (typeof value) {
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'bigint':
      return 'a BigInt';
    case 'number':
      return Number.isFinite(value) ? null : String(value);
    default:
      return null;
  }
}

function pathOf(keys: readonly string[]): string {
  const path = keys.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`)).join('');
  return short(path.replace(/^\./, ''));
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return problemOf(value) ?? `a ${typeof value}`;
}

function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** What production, which is Python, would call the type of such a value. */
function pythonTypeOf(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    default:
      return typeof value;
  }
}

function invalid(reason: string, typeName?: string): HostResult {
  const result = { kind: 'invalid', reason: reason.slice(0, HOST_LIMITS.textLength) } as const;
  return typeName === undefined ? result : { ...result, typeName };
}
