/** Characters that can't be seen but change what is read: they reorder, hide or break text. Pure. */

/**
 * Control and format characters, the two odd line ends, and letters that are blank though they count as
 * letters. Tab, newline and return are ordinary.
 */
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/u;
const ALL_HIDDEN = new RegExp(HIDDEN.source, 'gu');
/** Most texts are plain ASCII, and this looks at megabytes in milliseconds. */
const UNUSUAL = /[^\n\r\t\x20-\x7e]/;

export interface TextPart {
  readonly text: string;
  readonly hidden: boolean;
  /** As it is written out: ⟨U+202E⟩. */
  readonly shown: string;
}

/** ⟨U+202E⟩ */
function writeOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** The text in parts, each hidden character a part of its own. */
export function splitHidden(text: string): readonly TextPart[] {
  if (!UNUSUAL.test(text) || !HIDDEN.test(text)) return [{ text, hidden: false, shown: text }];
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(ALL_HIDDEN)) {
    if (index > end) {
      const between = text.slice(end, index);
      parts.push({ text: between, hidden: false, shown: between });
    }
    parts.push({ text: character, hidden: true, shown: writeOut(character) });
    end = index + character.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), hidden: false, shown: text.slice(end) });
  return parts;
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'null',
  7: 'bell',
  8: 'backspace',
  27: 'escape: the start of a command to a terminal',
  173: 'soft hyphen',
  8203: 'zero width space',
  8204: 'zero width non-joiner',
  8205: 'zero width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'end of a direction',
  8237: 'left-to-right override',
  8238: 'right-to-left override: would turn the text around',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'isolate',
  8297: 'end of an isolate',
  65279: 'byte order mark, or zero width no-break space',
};

/** What a hidden character is, in words. */
export function describeHidden(character: string): string {
  return NAMES[character.codePointAt(0) ?? 0] ?? 'a character that can’t be seen';
}
