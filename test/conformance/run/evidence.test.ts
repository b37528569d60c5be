import { expect, it } from 'vitest';
import { disguisesOf, maskBeginning } from '../../../main/conformance/run/evidence.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';

const token = `opaque${'0123456789abcdef'.repeat(40)}`;
const redactor = createRedactor([token]);

it('K3: shows no half of a token at the end of what is masked', () => {
  // Masked, 256 KiB of tokens are so short that the end, where one is cut, would be shown.
  const text = `${token} `.repeat(1_000);
  const shown = maskBeginning(text, redactor, 16_384);
  expect(shown).not.toContain('0123456789');
  expect(maskBeginning(`${token} and more`, redactor, 20)).toBe('(masked) and more');
  expect(maskBeginning('x'.repeat(300_000), redactor, 16_384)).toBe('x'.repeat(16_384));
});

it('K3: finds a token in base64 whatever is beside it', () => {
  const own = createRedactor(disguisesOf(token));
  for (const before of ['', 'a', 'ab', 'abc', 'abcd']) {
    const encoded = Buffer.from(`${before}${token}zzz`).toString('base64');
    expect(own.text(encoded)).toContain('(masked)');
    expect(own.text(encoded).length).toBeLessThan(30);
  }
});
