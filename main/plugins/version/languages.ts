import { extname } from 'node:path';
import type { Language } from '../../contract/plugin-view.ts';

/** Entry files by extension, in order of precedence (CONTRACT.md §4). */
const LANGUAGE_OF: ReadonlyMap<string, Language> = new Map([
  ['.ts', 'typescript'],
  ['.mts', 'typescript'],
  ['.js', 'javascript'],
  ['.mjs', 'javascript'],
  ['.cjs', 'javascript'],
  ['.py', 'python'],
]);

export const ENTRY_EXTENSIONS: readonly string[] = [...LANGUAGE_OF.keys()];

/** The language of an entry file; null when it isn't one. */
export function languageOf(file: string): Language | null {
  return LANGUAGE_OF.get(extname(file)) ?? null;
}
