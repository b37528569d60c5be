import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../main/system/log.ts';
import { inOneLine, printable, printableEntry } from '../../main/system/printable.ts';

const FORGED = '2026-01-01T00:00:00.000Z info forged';
const HOSTILE = `\u001b[2J\u001b]52;c;eA==\u0007\u009b2J\u202eevil\u2066\u200b\r\n${FORGED}\r${FORGED}\u2028${FORGED}\u0085x`;

/** The entries as a reader of the log takes them: each begins with a time. */
function entriesOf(text: string): readonly string[] {
  return text.split(/^(?=\d{4}-)/m);
}

/** Whether a terminal could take a part of it for more than text. */
function isPlain(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/.test(text);
}

describe('createLog', () => {
  const now = () => new Date('2026-05-05T05:05:05.555Z');

  it('C6: writes one entry whatever a plugin prints, its reason, its stack or its key says', () => {
    const written: string[] = [];
    const log = createLog({ write: (line) => written.push(line), now });
    log.info(`plugin a: ${HOSTILE}`);
    log.warn('plugin a: its process crashed', { reason: HOSTILE, [HOSTILE]: { inner: HOSTILE } });
    const error = new Error(HOSTILE);
    error.stack = `Error: ${HOSTILE}\n    at a.js:1:1`;
    log.error(`could not run ${HOSTILE}`, error);
    log.error('thrown', HOSTILE);
    const text = written.map((line) => `${line}\n`).join('');
    expect(entriesOf(text)).toHaveLength(4);
    expect(isPlain(text)).toBe(true);
    expect(written[0]).toBe(
      `2026-05-05T05:05:05.555Z info plugin a: \\u001b[2J\\u001b]52;c;eA==\\u0007\\u009b2J\\u202eevil\\u2066\\u200b\n    ${FORGED}\\u000d${FORGED}\\u2028${FORGED}\\u0085x`,
    );
    expect(written[2]).toContain('\n    at a.js:1:1');
  });

  it('masks before it escapes', () => {
    const written: string[] = [];
    const redact = (text: string) => text.replaceAll('se\u200bcret', '(masked)');
    createLog({ write: (line) => written.push(line), now, redact }).info('the se\u200bcret');
    expect(written).toEqual(['2026-05-05T05:05:05.555Z info the (masked)']);
  });
});

describe('printable', () => {
  it('C5: leaves JSON as it is in value, and nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
        const shown = printable(text);
        expect(JSON.parse(shown)).toEqual(JSON.parse(text));
        expect(isPlain(shown)).toBe(true);
      }),
    );
  });

  it('changes nothing when it is applied again, and no ordinary text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printableEntry(printableEntry(text))).toBe(printableEntry(text));
        expect(inOneLine(text)).not.toMatch(/[\r\n]/);
      }),
    );
    const ordinary = 'Zoë\t東京 👩‍💻 می‌خواهم\n  two';
    expect(printable(ordinary)).toBe(ordinary);
  });
});
