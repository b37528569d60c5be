import { expect, it } from 'vitest';
import { createRecordBytes } from '../../../main/traces/store/record.ts';

it('keeps each text as its UTF-8 bytes, whatever came before and comes after', () => {
  const toBytes = createRecordBytes();
  const texts = Array.from({ length: 3_000 }, (_, index) => {
    const unit = ['plain ', 'ä§ ', '…€ ', '💥', '\ud800 lone '][index % 5] ?? '';
    return unit.repeat(1 + ((index * 37) % 400));
  });
  // Long ones get memory of their own, and none ends the piece the others stand in.
  texts.push('', 'x'.repeat(3_000_000), 'after it');
  const kept = texts.map((text) => toBytes(text));
  for (const [index, text] of texts.entries()) expect(kept[index]?.equals(Buffer.from(text))).toBe(true);
});
