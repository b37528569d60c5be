/** Invisible characters that change how text reads: they reorder, hide or break it. Pure. */

/**
 * Control and format characters, the line and paragraph separators, and letters that render blank. Tab,
 * newline and carriage return are ordinary.
 */
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/u;
const ALL_HIDDEN = new RegExp(HIDDEN.source, 'gu');
/** Most text is plain ASCII, and this test takes milliseconds for megabytes. */
const UNUSUAL = /[^\n\r\t\x20-\x7e]/;

export interface TextPart {
  readonly text: string;
  readonly hidden: boolean;
  /** What to show: for a hidden character ⟨U+202E⟩. */
  readonly shown: string;
}

/** ⟨U+202E⟩ */
function writeOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** The text in parts; each hidden character is a part of its own. */
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
  27: 'escape: starts a terminal command',
  173: 'soft hyphen',
  8203: 'zero width space',
  8204: 'zero width non-joiner',
  8205: 'zero width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'pop directional formatting',
  8237: 'left-to-right override',
  8238: 'right-to-left override: would reverse the text',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'pop directional isolate',
  65279: 'byte order mark, or zero width no-break space',
};

/** The name of a hidden character. */
export function describeHidden(character: string): string {
  return NAMES[character.codePointAt(0) ?? 0] ?? 'an invisible character';
}
