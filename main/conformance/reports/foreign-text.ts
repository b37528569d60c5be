/**
 * A target's answers are plain, visible text in every report: characters that hide, reorder or end text, or
 * that a terminal acts on, are written out. Newlines and tabs are ordinary. Pure.
 */

const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0\ufffe\uffff]/gu;

/** Hidden characters, lone surrogates and the non-characters of XML written out: ⟨U+202E⟩. */
export function showHidden(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** In one line. */
export function toOneLine(text: string): string {
  return showHidden(text).replace(/\s+/g, ' ').trim();
}

/** At most `limit` characters, with the number of those left out. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}… (${(text.length - limit).toLocaleString('en-US')} more characters)`;
}

/** For element content and quoted attributes of HTML and XML. */
export function escapeMarkup(text: string): string {
  return showHidden(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Milliseconds in three significant digits with their unit: 3.12 ms, 1.04 s. */
export function formatDuration(ms: number): string {
  const [value, unit] = ms < 999.5 ? [ms, 'ms'] : [ms / 1000, 's'];
  const rounded = Number(value.toPrecision(3));
  const whole = rounded < 1 ? 1 : Math.floor(Math.log10(rounded)) + 1;
  return `${rounded.toFixed(Math.max(0, 3 - whole))} ${unit}`;
}

/** `2026-01-23 12:00:00 UTC` */
export function formatDate(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
