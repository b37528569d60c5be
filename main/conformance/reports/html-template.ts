import { escapeMarkup } from './foreign-text.ts';

/** HTML that is complete: every value in it is escaped. Only this file makes one. */
class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type { Markup };

/** What a template takes: text and numbers are escaped, markup goes in as it is, of a list every entry. */
export type HtmlValue = string | number | Markup | readonly HtmlValue[];

/**
 * Tag of every piece of HTML in the report. A value can't be forgotten: unless {@link html} or {@link trusted} made it, it is
 * text, and is escaped, within elements and within quoted attributes alike.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...values.map(toSource)));
}

/** Markup of the report's own, such as its style. Nothing that a target or a user wrote may be given to it. */
export function trusted(source: string): Markup {
  return new Markup(source);
}

/** One below the other, without the empty ones. */
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
