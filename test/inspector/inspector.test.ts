import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../main/contract/errors.ts';
import type { RuntimeSnapshot } from '../../main/contract/snapshot.ts';
import { isSafeLink } from '../../main/inspector/functions/runtime.ts';
import { createInspector, type InspectorHandlers } from '../../main/inspector/inspector.ts';
import type { Log } from '../../main/system/log.ts';

function inspectorWith(handlers: Partial<InspectorHandlers>) {
  const errors: unknown[] = [];
  const log: Log = { info() {}, warn() {}, error: (_message, error) => errors.push(error) };
  const source = {
    snapshot: () => ({}) as RuntimeSnapshot,
    counts: () => ({ kept: 0, dropped: 0 }),
    sockets: () => ({ connections: [], ends: [], test: null }),
    busEvents: () => [],
  };
  return { inspector: createInspector(handlers as InspectorHandlers, source, log), errors };
}

describe('inspector', () => {
  it('answers with the handler’s value', async () => {
    const { inspector } = inspectorWith({ runAsCurl: ({ plugin }) => `curl ${plugin}` });
    const argument = { plugin: 'hello', body: '{}', persona: 'user', revealToken: false };
    expect(await inspector.call('runAsCurl', argument)).toEqual({ ok: true, value: 'curl hello' });
  });

  it.each([
    ['an unknown function', 'nope', null, 'NOT_FOUND'],
    ['a name of Object.prototype', 'constructor', null, 'NOT_FOUND'],
    ['a name that is not a string', { name: 'trace' }, null, 'NOT_FOUND'],
    ['a wrong type', 'trace', { id: 5 }, 'BAD_REQUEST'],
    ['a missing argument', 'trace', null, 'BAD_REQUEST'],
    ['an unknown key', 'trace', { id: 'a', more: true }, 'BAD_REQUEST'],
    [
      'an argument of 10 MB',
      'run',
      { runId: 'a', plugin: 'p', persona: 'user', body: 'x'.repeat(1e7) },
      'BAD_REQUEST',
    ],
  ])('refuses %s with a code', async (_title, name, argument, code) => {
    const { inspector, errors } = inspectorWith({
      trace: () => expect.fail('was called'),
      run: () => expect.fail('was called'),
    });
    expect(await inspector.call(name, argument)).toMatchObject({ ok: false, error: { code } });
    expect(errors).toEqual([]);
  });

  it('keeps code and message of an expected error', async () => {
    const { inspector } = inspectorWith({
      trace: () => {
        throw new WorkbenchError('NOT_FOUND', 'Trace gone');
      },
    });
    const refused = { ok: false, error: { code: 'NOT_FOUND', message: 'Trace gone' } };
    expect(await inspector.call('trace', { id: 'a' })).toEqual(refused);
  });

  it('keeps an unexpected error inside and logs it', async () => {
    const failure = new Error('secret detail');
    const { inspector, errors } = inspectorWith({ settings: () => Promise.reject(failure) });
    const answer = await inspector.call('settings', null);
    expect(answer).toMatchObject({ ok: false, error: { code: 'INTERNAL_ERROR' } });
    expect(JSON.stringify(answer)).not.toContain('secret detail');
    expect(errors).toEqual([failure]);
  });
});

describe('isSafeLink', () => {
  const base = 'http://127.0.0.1:8080';
  it.each(['https://example.org/a', 'http://127.0.0.1:8080/health'])('opens %s', (url) => {
    expect(isSafeLink(url, base)).toBe(true);
  });
  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'http://example.org/',
    'http://127.0.0.1:9999/',
    'http://127.0.0.1:8080@evil.example/',
    'HTTPS//broken',
    '',
  ])('does not open %s', (url) => {
    expect(isSafeLink(url, base)).toBe(false);
  });
});
