import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { parseAnsi } from '../../../../renderer/components/text/ansi.ts';
import { ForeignText } from '../../../../renderer/components/text/foreign-text.tsx';
import { showControls } from '../../../../renderer/components/text/format.ts';
import { splitHidden } from '../../../../renderer/components/text/hidden-characters.ts';
import { splitBlocks } from '../../../../renderer/components/text/text-blocks.ts';
import { bodyJson } from '../../../../renderer/state/traces/stored-body.ts';
import { cpuTimeMs } from '../../../support/cpu-time.ts';

const ESC = '\u001b';

/** Text and the parts of its style that are not plain. */
function runs(text: string) {
  return parseAnsi(text).map(({ text: part, style }) => [
    part,
    Object.fromEntries(Object.entries(style).filter(([, value]) => value !== null && value !== false)),
  ]);
}

describe('colours of terminals', () => {
  it.each([
    ['plain', [['plain', {}]]],
    [
      `${ESC}[31mred${ESC}[0m.`,
      [
        ['red', { hue: 'red' }],
        ['.', {}],
      ],
    ],
    [`${ESC}[1;4;92mx`, [['x', { hue: 'green', bold: true, underline: true }]]],
    [
      `${ESC}[38;5;208mx${ESC}[39my`,
      [
        ['x', { hue: 'yellow' }],
        ['y', {}],
      ],
    ],
    [`${ESC}[38;2;10;20;250mx`, [['x', { hue: 'blue' }]]],
    [`${ESC}[30;40mx`, [['x', { background: 'grey' }]]],
    [`${ESC}[mx`, [['x', {}]]],
    [`${ESC}[38mx`, [['x', {}]]],
    [`${ESC}[999;31mx`, [['x', { hue: 'red' }]]],
  ])('reads %j', (text, expected) => expect(runs(text)).toEqual(expected));

  it('leaves every other command where it can be seen', () => {
    for (const command of ['[2J', '[1;1H', ']0;title\u0007', ']8;;https://evil.example/\u0007', 'c', '[31']) {
      expect(runs(`${ESC}${command}x`)).toEqual([[`${ESC}${command}x`, {}]]);
      expect(renderToStaticMarkup(<ForeignText text={`${ESC}${command}x`} />)).toContain('⟨U+001B⟩');
    }
  });

  it('takes its time from no text', () => {
    const took = cpuTimeMs(() => {
      parseAnsi(`${ESC}[`.repeat(200_000));
      parseAnsi(`${ESC}[${';'.repeat(400_000)}`);
    });
    expect(took).toBeLessThan(2_000);
  });
});

describe('a body that came as text', () => {
  const body = (text: string, truncated = false) => bodyJson({ text, bytes: text.length, truncated });

  it('is JSON when it is, and is left alone when not', () => {
    expect(body(' {"a": [1]}')).toEqual({ a: [1] });
    for (const text of ['{"a": ', '<html>', '', '"word"']) expect(body(text)).toBeUndefined();
    expect(body('{"a": 1}', true)).toBeUndefined();
  });
});

describe('foreign text', () => {
  it('is never markup, marks what is hidden, and keeps its direction to itself', () => {
    const html = renderToStaticMarkup(<ForeignText text={'<b>\u202e</b>\u200b'} />);
    expect(html).toMatch(/^<bdi>&lt;b&gt;<span [^>]*title="right-to-left override[^>]*>⟨U\+202E⟩<\/span>/);
    expect(html).not.toMatch(/[\u202e\u200b]/);
  });

  it('writes out blanks that count as letters, and leaves ordinary text alone', () => {
    expect(showControls('a\u3164b\u2800\u115f')).toBe('a⟨U+3164⟩b⟨U+2800⟩⟨U+115F⟩');
    const ordinary = 'tab\tline\nשלום 日本 é \u00a0';
    expect(splitHidden(ordinary)).toEqual([{ text: ordinary, hidden: false, shown: ordinary }]);
  });
});

describe('pieces of a long text', () => {
  const whole = (text: string) => {
    const blocks = splitBlocks(text);
    let at = 0;
    for (const { text: piece } of blocks) {
      expect(text.startsWith(piece, at)).toBe(true);
      at += piece.length;
      if (text[at] === '\n') at += 1;
    }
    expect(at).toBe(text.length);
    return blocks;
  };

  it('are the text again', () => {
    expect(whole('')).toEqual([]);
    expect(whole('one')).toEqual([{ text: 'one', lines: 1 }]);
    expect(whole('a\nb')).toEqual([{ text: 'a\nb', lines: 2 }]);
    expect(whole('\n\n\n').length).toBe(1);
    whole(`${'line\n'.repeat(1_000)}end`);
    whole(`short\n${'x'.repeat(100_000)}\nshort\n${'y'.repeat(9_000)}`);
  });

  it('are short, whatever the lines are', () => {
    const blocks = whole(`${'x'.repeat(100_000)}\n${'line\n'.repeat(5_000)}`);
    expect(Math.max(...blocks.map(({ text }) => text.length))).toBeLessThanOrEqual(8_001);
    expect(Math.max(...blocks.map(({ lines }) => lines))).toBeLessThanOrEqual(100);
  });

  it('break no letter in two', () => {
    for (const { text } of whole('😀'.repeat(20_000)))
      expect(text).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
    for (const { text } of whole(`x${'😀'.repeat(20_000)}`)) expect(text).not.toMatch(/^[\udc00-\udfff]/);
  });
});
