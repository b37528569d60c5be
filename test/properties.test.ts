import fc from 'fast-check';
import { expect, it } from 'vitest';
import { injectContext } from '../main/auth/inject.ts';
import { WorkbenchError } from '../main/contract/errors.ts';
import { isHostMessage } from '../main/contract/host-guards.ts';
import { type Json, type JsonObject, RESERVED_KEYS } from '../main/contract/http.ts';
import { parseJsonObject } from '../main/server/connection/body.ts';
import { dropProtoKeys } from '../main/system/plain-json.ts';
import { readTraceFile } from '../main/traces/files/trace-file.ts';
import { createRedactor, MASK } from '../main/traces/record/redact.ts';
import { APP, localAuthenticator } from './auth/signing.ts';
import { sampleTrace } from './traces/trace-samples.ts';

/**
 * What holds for any input, tried on a thousand of them at random. A failure prints its seed and path, with
 * which fast-check tries the same again; the input becomes a case of its own.
 */
const RUNS = { numRuns: 1_000 };

/** Characters that the patterns look at come often. */
const noise = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    'eyJ',
    '.',
    '"',
    "'",
    '\\"',
    '\\',
    ':',
    '=',
    '&',
    '@',
    '://',
    '%3A%2F%2F',
    '%40',
    '\n',
    ' ',
  ),
  fc.constantFrom('password', 'token', 'user_jwt', 'mongodb://app:', 'note', MASK, 'eyJhbGciOi', 'a.b.c'),
);
const secretOf = fc.string({ unit: 'grapheme', minLength: 4, maxLength: 300 }).map((tail) => `cnry${tail}`);

it('T1: the redactor leaves no secret in a text, however it is written there', () => {
  const written = (secret: string) =>
    fc.constantFrom(
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      JSON.stringify({ [secret]: [secret] }),
    );
  const texts = secretOf.chain((secret) =>
    fc.record({
      secret: fc.constant(secret),
      text: fc.array(fc.oneof(noise, written(secret)), { maxLength: 8 }).map((parts) => parts.join('')),
    }),
  );
  fc.assert(
    fc.property(texts, fc.jsonValue(), ({ secret, text }, value) => {
      const redactor = createRedactor([secret]);
      expect(redactor.text(text)).not.toContain(secret);
      const json = redactor.json({ [text]: [text, value as Json] });
      expect(JSON.stringify(json)).not.toContain(JSON.stringify(secret).slice(1, -1));
    }),
    RUNS,
  );
});

it('masking twice changes nothing', () => {
  const redactor = createRedactor(['a-secret-of-the-runtime', 'p"a/ss wörd\\1234567890']);
  const texts = fc.array(
    fc.oneof(noise, fc.constantFrom('a-secret-of-the-runtime', 'p"a/ss wörd\\1234567890')),
    {
      maxLength: 10,
    },
  );
  fc.assert(
    fc.property(texts, (parts) => {
      const once = redactor.text(parts.join(''));
      expect(redactor.text(once)).toBe(once);
    }),
    RUNS,
  );
});

it('T4: a file of traces that was changed anywhere is opened or refused', () => {
  const original = JSON.stringify({
    format: 'mozaiks-workbench-traces',
    version: 1,
    traces: [sampleTrace(1), sampleTrace(2)],
  });
  const redactor = createRedactor([]);
  const change = fc.record({
    at: fc.nat(original.length),
    cut: fc.nat(40),
    insert: fc.oneof(
      fc.json({ maxDepth: 2 }),
      fc.string({ maxLength: 10 }),
      fc.constantFrom('__proto__', 'null'),
    ),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const text = changes.reduce(
        (before, { at, cut, insert }) => before.slice(0, at) + insert + before.slice(at + cut),
        original,
      );
      try {
        expect(readTraceFile('x.json', text, redactor).traces.length).toBeGreaterThanOrEqual(0);
      } catch (error) {
        if (!(error instanceof WorkbenchError)) throw error;
        expect(error).toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('“x.json”') });
      }
    }),
    RUNS,
  );
});

it('P9: any message of a process is one of ours or dropped', () => {
  const types = fc.constantFrom('result', 'line', 'loaded', 'load-failed', 'dying', 'files', 'event', 'up');
  const messages = fc.oneof(
    fc.jsonValue(),
    fc
      .dictionary(fc.constantFrom('id', 'result', 'message', 'files', 'text', 'kind'), fc.jsonValue())
      .chain((fields) => types.map((type) => ({ ...fields, type }))),
  );
  fc.assert(
    fc.property(messages, (message) => {
      expect(typeof isHostMessage(message)).toBe('boolean');
    }),
    RUNS,
  );
});

it('H7: what a plugin gets as text is what it gets as value, whatever the client wrote', async () => {
  const who = await localAuthenticator().authenticate([]);
  if (!who.ok) throw new Error(who.detail);
  const key = fc.oneof(
    fc.constantFrom(...RESERVED_KEYS, '__proto__', 'constructor', 'note'),
    fc.string({ maxLength: 6 }),
  );
  const escaped = (text: string) =>
    `"${[...JSON.stringify(text).slice(1, -1)].map((letter) => (/[a-z_]/.test(letter) ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter)).join('')}"`;
  const blanks = fc.constantFrom('', ' ', '\n\t', '\r\n');
  const member = fc
    .tuple(key, fc.jsonValue(), fc.boolean(), blanks)
    .map(
      ([name, value, isEscaped, blank]) =>
        `${blank}${isEscaped && !name.includes('\\') ? escaped(name) : JSON.stringify(name)}${blank}:${blank}${JSON.stringify(value, null, blank === '' ? 0 : 1)}${blank}`,
    );
  const bodies = fc.array(member, { maxLength: 6 }).map((members) => `{${members.join(',')}}`);
  fc.assert(
    fc.property(bodies, (body) => {
      const sent = parseJsonObject(Buffer.from(body), false);
      const { data, json } = injectContext(sent, who, APP, { value: {}, provenance: [] });
      expect(dropProtoKeys(JSON.parse(json) as JsonObject)).toEqual(data);
    }),
    RUNS,
  );
});
