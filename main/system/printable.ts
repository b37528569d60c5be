/**
 * Text of plugins, files and other servers, for a terminal or a log, where it must stay text: a control sequence
 * could move the cursor, write to the clipboard or make what is shown differ from what is there.
 */

/**
 * What a reader can't see, or sees in another order, and what a terminal might take as a command: control
 * characters, line separators, those that turn the direction of text, those of no width, and half characters.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Tabs and line ends are text, and so are the joiners that some scripts and emoji need. */
const OF_TEXT = new Set(['\t', '\n', '\u200c', '\u200d']);

/** With such characters two names that look alike are two. */
export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** Each replaced by a mark that is seen. */
export function markHidden(text: string): string {
  return text.replace(HIDDEN, '\ufffd');
}

/**
 * Shows such characters as `\u001b` instead of sending them. JSON text stays JSON, and of the same value. Applying
 * it again changes nothing.
 */
export function printable(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(HIDDEN, (found) => (OF_TEXT.has(found) ? found : escapeUnits(found)));
}

function escapeUnits(found: string): string {
  return found
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** Printable as one entry of several lines: those after the first are indented, so none looks like an entry. */
export function printableEntry(text: string): string {
  return printable(text).replace(/\n(?! )/g, '\n    ');
}

/** In one line, such as a row of a table. */
export function inOneLine(text: string): string {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
