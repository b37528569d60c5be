import * as z from 'zod/mini';
import type { Page } from '../../page.ts';

/**
 * What outlives a restart, in the page's storage. A schema catches its own errors, field by field, so that a
 * value written by another version or by hand costs only itself and never breaks a screen.
 */

// Compiled parsers are made with `new Function`, which the page's content security policy forbids.
z.config({ jitless: true });

export interface Persisted<T> {
  /** The stored value; defaults where nothing, or something else, is stored. */
  read(): T;
  write(value: T): void;
}

/**
 * The value under one key of the storage. The schema must accept anything: see {@link recordOf}, {@link
 * listOf}.
 */
export function persisted<T>(
  page: Pick<Page, 'readStored' | 'writeStored'>,
  key: string,
  schema: z.ZodMiniType<T>,
): Persisted<T> {
  return {
    read: () => schema.parse(page.readStored(key)),
    write: (value) => page.writeStored(key, value),
  };
}

/** An object of which each field catches its own error; anything else is read as an empty one. */
export function fieldsOf<Shape extends z.core.$ZodShape>(shape: Shape) {
  const fields = z.transform((stored: unknown) => (isObject(stored) ? stored : {}));
  return z.pipe(z.pipe(z.unknown(), fields), z.object(shape));
}

/** The entries of an object that match, without the others. */
export function recordOf<T>(entry: z.ZodMiniType<T>) {
  const entries = z.transform((stored): Readonly<Record<string, T>> => {
    const found: [string, T][] = [];
    for (const [key, value] of Object.entries(isObject(stored) ? stored : {})) {
      const parsed = entry.safeParse(value);
      if (parsed.success) found.push([key, parsed.data]);
    }
    return Object.fromEntries(found);
  });
  return z.catch(z.pipe(z.unknown(), entries), {});
}

/** The items of an array that match, without the others. */
export function listOf<T>(item: z.ZodMiniType<T>) {
  const items = z.transform((stored): readonly T[] => {
    const found: T[] = [];
    for (const value of Array.isArray(stored) ? stored : []) {
      const parsed = item.safeParse(value);
      if (parsed.success) found.push(parsed.data);
    }
    return found;
  });
  return z.catch(z.pipe(z.unknown(), items), []);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
