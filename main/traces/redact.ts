import type { Json } from '../contract/http.ts';

/** Masks secrets. Whatever is kept, shown, logged or exported goes through one of these first (design §2). */
export interface Redactor {
  text(text: string): string;
  json(value: Json): Json;
  /** Names come out in lower case. */
  headers(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string>;
  /** A redactor that masks these exact values too: the bearer token of one request. */
  with(more: readonly string[]): Redactor;
}

export function createRedactor(_secrets: readonly string[]): Redactor {
  throw new Error('not written yet');
}
