import { escapeMarkup } from './foreign-text.ts';

/** HTML that is complete: every value in it is escaped. Only this file makes one. */
class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type { Markup };

/**
 * What a template accepts: text and numbers are escaped, markup is inserted unchanged, lists entry by entry.
 */
export type HtmlValue = string | number | Markup | readonly HtmlValue[];

/**
 * Tag of every piece of HTML in the report. A value can't be forgotten: unless {@link html} or
 * {@link trusted} made it, it is text, and is escaped, within elements and within quoted attributes alike.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...values.map(toSource)));
}

/** The report's own markup, such as its style. Never pass it anything that a target or a user wrote. */
export function trusted(source: string): Markup {
  return new Markup(source);
}

/** Joins the pieces line by line, without empty ones. */
export function lines(pieces: readonly Markup[]): Markup {
  return new Markup(
    pieces
      .map(({ source }) => source)
      .filter((source) => source !== '')
      .join('\n'),
  );
}

export const NOTHING: Markup = new Markup('');

function toSource(value: HtmlValue): string {
  if (value instanceof Markup) return value.source;
  if (typeof value === 'string' || typeof value === 'number') return escapeMarkup(String(value));
  return value.map(toSource).join('');
}
