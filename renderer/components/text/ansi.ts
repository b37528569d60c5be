/** Terminal colours (ECMA-48 SGR) in what a plugin wrote. Pure. */

const ANSI_HUES = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'grey'] as const;
type AnsiHue = (typeof ANSI_HUES)[number];

interface AnsiStyle {
  /** Null: the text's own colour. */
  readonly hue: AnsiHue | null;
  readonly background: AnsiHue | null;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly struck: boolean;
}

export interface AnsiRun {
  readonly text: string;
  readonly style: AnsiStyle;
}

const PLAIN: AnsiStyle = {
  hue: null,
  background: null,
  bold: false,
  italic: false,
  underline: false,
  struck: false,
};

/**
 * Splits text into runs of one style. Only styles are interpreted; everything else that a terminal would obey
 * (cursor moves, erasing, links, titles, hiding) stays in the text as it is, where it can be seen.
 */
export function parseAnsi(text: string): readonly AnsiRun[] {
  if (!text.includes('\u001b[')) return text === '' ? [] : [{ text, style: PLAIN }];
  const runs: AnsiRun[] = [];
  let style = PLAIN;
  let end = 0;
  for (const match of text.matchAll(SGR)) {
    if (match.index > end) runs.push({ text: text.slice(end, match.index), style });
    style = apply(style, match[1] ?? '');
    end = match.index + match[0].length;
  }
  if (end < text.length) runs.push({ text: text.slice(end), style });
  return runs;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const SGR = /\u001b\[([\d;:]{0,64})m/g;

function apply(before: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { hue, used } = extendedHue(codes.slice(at + 1));
      style = code === 38 ? { ...style, hue } : { ...style, background: hue ?? 'grey' };
      at += used;
    } else style = applyCode(style, code);
  }
  return style;
}

const BASIC: readonly (AnsiHue | null)[] = [null, 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', null];

function applyCode(style: AnsiStyle, code: number): AnsiStyle {
  if (code in SWITCHES) return { ...style, ...SWITCHES[code] };
  const basic = BASIC[code % 10] ?? null;
  const family = Math.floor(code / 10);
  if (family === 3) return { ...style, hue: basic };
  if (family === 9) return { ...style, hue: basic ?? (code === 90 ? 'grey' : null) };
  if (family === 4 || family === 10) return { ...style, background: basic ?? 'grey' };
  return style;
}

const SWITCHES: Readonly<Record<number, Partial<AnsiStyle>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { hue: 'grey' },
  3: { italic: true },
  4: { underline: true },
  7: { background: 'grey' },
  9: { struck: true },
  22: { bold: false },
  23: { italic: false },
  24: { underline: false },
  27: { background: null },
  29: { struck: false },
  39: { hue: null },
  49: { background: null },
};

/**
 * 5;n (256 colours) and 2;r;g;b as the nearest hue: an exact colour could be unreadable in one of the themes.
 */
function extendedHue([kind, ...rest]: readonly number[]): { hue: AnsiHue | null; used: number } {
  const [a = 0, b = 0, c = 0] = rest;
  if (kind === 2) return { hue: nearestHue(a, b, c), used: 4 };
  if (kind !== 5) return { hue: null, used: 0 };
  if (a < 16) return { hue: BASIC[a % 8] ?? (a === 8 ? 'grey' : null), used: 2 };
  if (a >= 232) return { hue: a < 250 ? 'grey' : null, used: 2 };
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const cube = a - 16;
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level);
  return { hue: nearestHue(red ?? 0, green ?? 0, blue ?? 0), used: 2 };
}

/** By the angle of the colour: red at 0°, then every 60° yellow, green, cyan, blue, magenta. */
function nearestHue(red: number, green: number, blue: number): AnsiHue | null {
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (spread < 24) return most > 200 || most < 40 ? null : 'grey';
  const wheel: readonly AnsiHue[] = ['red', 'yellow', 'green', 'cyan', 'blue', 'magenta'];
  return wheel[Math.round(hueSector(red, green, blue) + 6) % 6] ?? null;
}

/** The angle in units of 60°. */
function hueSector(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (most === red) return (green - blue) / spread;
  if (most === green) return 2 + (blue - red) / spread;
  return 4 + (red - green) / spread;
}
