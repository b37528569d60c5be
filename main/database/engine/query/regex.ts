import { BSONRegExp } from 'bson';
import { DatabaseError } from '../errors.ts';

/**
 * MongoDB's regular expressions are PCRE's; these are JavaScript's, with what plugins use of the difference.
 */

const OPTIONS = /^[imsxu]*$/;

/** @throws {DatabaseError} 51091 when JavaScript has no such expression */
export function compileRegex(pattern: string, options: string): RegExp {
  if (!OPTIONS.test(options)) {
    throw new DatabaseError(51108, `invalid flag in regex options: ${options}`);
  }
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  const all = new Set(`${options}${inline?.[1] ?? ''}`);
  const text = translate(pattern.slice(inline?.[0].length ?? 0), all.has('x'));
  const flags = ['i', 'm', 's'].filter((flag) => all.has(flag)).join('');
  // With `u` a character beyond the first 65,536 is one; but it refuses escapes that PCRE takes.
  return tryRegex(text, `${flags}u`) ?? tryRegex(text, flags) ?? invalid(pattern);
}

export function regexOf({ pattern, options }: BSONRegExp): RegExp {
  return compileRegex(pattern, options);
}

export function isRegex(value: unknown): value is BSONRegExp {
  return value instanceof BSONRegExp;
}

function tryRegex(text: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(text, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function invalid(pattern: string): never {
  throw new DatabaseError(51091, `Regular expression is invalid: ${pattern}`);
}

function translate(pattern: string, isExtended: boolean): string {
  return pattern.replace(
    /\\A|\\Z|\\z|\(\?P<|\\.|\[(?:\\.|[^\]\\])*\]|#[^\n]*\n?|\s+/gs,
    (part) => TRANSLATED[part] ?? (isExtended && /^[#\s]/.test(part) ? '' : part),
  );
}

const TRANSLATED: Readonly<Record<string, string>> = {
  '\\A': '(?<![\\s\\S])',
  '\\Z': '(?=\\n?(?![\\s\\S]))',
  '\\z': '(?![\\s\\S])',
  '(?P<': '(?<',
};
