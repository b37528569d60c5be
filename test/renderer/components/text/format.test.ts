import { expect, it } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatLimit,
  formatTime,
  plural,
  shortenId,
  shortenPath,
  showControls,
} from '../../../../renderer/components/text/format.ts';

it.each([
  [null, '–'],
  [Number.NaN, '–'],
  [0, '0 ms'],
  [0.0712, '0.07 ms'],
  [3.1234, '3.12 ms'],
  [9.999, '10.0 ms'],
  [41.24, '41.2 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [1040, '1.04 s'],
  [30_000, '30.0 s'],
  [59_940, '59.9 s'],
  [59_999, '1 min'],
  [125_000, '2 min 5 s'],
  [3_720_000, '1 h 2 min'],
])('a duration of %s ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it.each([
  [30_000, '30 s'],
  [1500, '1.5 s'],
  [250, '250 ms'],
])('a limit of %s ms reads %s', (ms, text) => {
  expect(formatLimit(ms)).toBe(text);
});

it('times are local, with milliseconds', () => {
  expect(formatTime(new Date(2026, 0, 23, 4, 5, 6, 7).getTime())).toBe('04:05:06.007');
});

it('ages, counts, sizes and ids', () => {
  expect([-5, 12_000, 245_000, 7_300_000, 200_000_000].map(formatAge)).toEqual([
    '0 s',
    '12 s',
    '4 min',
    '2 h',
    '2 d',
  ]);
  expect(formatCount(98_311)).toBe('98,311');
  expect([plural(1, 'plugin'), plural(2, 'plugin')]).toEqual(['1 plugin', '2 plugins']);
  expect([412, 1203, 3_410_000].map(formatBytes)).toEqual(['412 B', '1.20 kB', '3.41 MB']);
  expect([shortenId('4bf92f3577b34736'), shortenId('short')]).toEqual(['4bf9…4736', 'short']);
});

it('a path below the home folder is shown from there', () => {
  expect(shortenPath('/home/ada/plugins', '/home/ada')).toBe('~/plugins');
  expect(shortenPath('C:\\Users\\Ada\\plugins', 'C:\\Users\\Ada')).toBe('~\\plugins');
  expect(shortenPath('/home/adam/plugins', '/home/ada')).toBe('/home/adam/plugins');
  expect(shortenPath('/srv/plugins', '')).toBe('/srv/plugins');
});

it('characters that reorder or hide text are written out; ordinary ones stay', () => {
  expect(showControls('user\u202Enimda\u200B\u0000\u2028')).toBe('user⟨U+202E⟩nimda⟨U+200B⟩⟨U+0000⟩⟨U+2028⟩');
  expect(showControls('<b>ä\t日本\r\n</b>')).toBe('<b>ä\t日本\r\n</b>');
});
