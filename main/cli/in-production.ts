import { inOneLine } from '../system/printable.ts';

/**
 * Where production would have answered otherwise, a line each (CONTRACT.md §7); empty where nothing is known
 * to differ, or no trace is at hand.
 */
export function formatInProduction(lines: readonly string[] | undefined, before = ''): string {
  return (lines ?? []).map((line) => `${inOneLine(`${before}In production: ${line}`)}\n`).join('');
}
