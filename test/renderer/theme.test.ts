import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const css = await readFile(resolve(import.meta.dirname, '../../renderer/theme.css'), 'utf8');

/** The tokens of one theme: name without `--wb-` → colour. */
function tokensOf(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const block = css.split(new RegExp(`color-scheme=["']${theme}["']\\] {`))[1]?.split('}')[0] ?? '';
  return new Map(
    [...block.matchAll(/--wb-([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', colour = '']) => [name, colour]),
  );
}

/** WCAG 2 relative luminance of #rrggbb. */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const OUTCOMES = ['ok', 'plugin-error', 'exception', 'timeout', 'crashed', 'refused', 'aborted'];
const TEXTS = [
  'text',
  'dim',
  'faint',
  'accent',
  'cyan',
  ...OUTCOMES,
  'json-key',
  'json-string',
  'json-number',
  'json-word',
];
const TERMINAL = ['exception', 'ok', 'plugin-error', 'accent', 'timeout', 'cyan', 'dim'];
const LINES = ['surface', 'sunken', 'exception-soft', 'plugin-error-soft'];
const BACKGROUNDS = [
  ...['exception', 'ok', 'plugin-error', 'accent', 'timeout', 'refused'].map((name) => `${name}-soft`),
  'line-strong',
];
const SURFACES = ['chrome', 'surface', 'sunken', 'raised', 'selected'];

it.each(['light', 'dark'] as const)('every text and outcome colour holds 4.5:1 in the %s theme', (theme) => {
  const tokens = tokensOf(theme);
  const pairs = [
    ...TEXTS.flatMap((text) => SURFACES.map((surface) => [text, surface] as const)),
    ...OUTCOMES.map((outcome) => [outcome, `${outcome}-soft`] as const),
    // A plugin's colours, on lines of every level; and its text on backgrounds of its own.
    ...TERMINAL.flatMap((text) => LINES.map((surface) => [text, surface] as const)),
    ...BACKGROUNDS.map((surface) => ['text', surface] as const),
  ];
  const weak = pairs.flatMap(([text, surface]) => {
    const ratio = contrast(tokens.get(text) ?? '#000000', tokens.get(surface) ?? '#000000');
    return ratio < 4.5 ? [`${text} on ${surface}: ${ratio.toFixed(2)}`] : [];
  });
  expect(weak).toEqual([]);
});
