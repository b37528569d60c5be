import type { Redactor } from '../../traces/record/redact.ts';

/** What of a target's text goes into a report. Threat model: it may be long, and hold the caller's tokens. */

/** Of a longer text the rest is neither masked nor shown. */
const MAX_MASKED = 256 * 1024;
/** No token is longer. */
const MAX_TOKEN = 16 * 1024;

/** The beginning of a text, masked before it is cut: no mask matches what is left of a secret that was cut. */
export function maskBeginning(text: string, redactor: Redactor, limit: number): string {
  const masked = redactor.text(text.slice(0, MAX_MASKED));
  const whole = text.length > MAX_MASKED ? masked.slice(0, -MAX_TOKEN) : masked;
  return whole.slice(0, limit);
}

/**
 * A caller's token in the ways in which a target may write it to hide it from a mask: in halves, in base64 at
 * any place of a longer text, in hexadecimal digits.
 */
export function disguisesOf(token: string): readonly string[] {
  const bytes = Buffer.from(token);
  const half = Math.ceil(token.length / 2);
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    // The first and last digits hold bits of what is beside it.
    const own = text.slice(before === 0 ? 0 : before + 1, -1);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [token, token.slice(0, half), token.slice(half), hex, hex.toUpperCase(), ...base64];
}
