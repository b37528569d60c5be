import { describe, expect, it } from 'vitest';
import { bodyMarks, bodyNotes, type Sending } from '../../../../../renderer/views/run/form/body-notes.ts';

const asUser: Sending = { route: 'execute', hasToken: true };
const notes = (body: string, sending: Partial<Sending> = {}) =>
  bodyNotes(body, { ...asUser, ...sending }).map(({ tone, text }) => `${tone}: ${text}`);

describe('bodyNotes', () => {
  it.each(['{}', ' {"a": 1}\n', '{"nested": {"user_id": 1}}'])('has no remarks on %j', (body) => {
    expect(notes(body)).toEqual([]);
  });

  it.each([
    ['', 'bad: The answer to an empty body is 400 “Invalid JSON payload”.'],
    ['[]', 'bad: Not an object: the answer will be 400 “Request body must be a JSON object”.'],
    ['null', 'bad: Not an object: the answer will be 400 “Request body must be a JSON object”.'],
    ['{"a": 1,}', 'bad: Line 1, column 9: a comma with nothing after it. The answer will be 400.'],
  ])('says why %j will be refused', (body, note) => {
    expect(notes(body)).toEqual([note]);
  });

  it('treats an empty body as {} on the plugin host’s path', () => {
    expect(notes('', { route: 'plugin-host' })).toEqual([]);
  });

  it('warns about reserved keys', () => {
    const body = '{"user_id": "x", "app_id": "y", "_context": {}, "user_jwt": "z"}';
    expect(notes(body)).toEqual([
      'warn: app_id, user_id, user_jwt and _context will be replaced by the runtime.',
    ]);
    expect(notes('{"user_\\u0069d": "x"}')).toEqual(['warn: user_id will be replaced by the runtime.']);
    expect(notes(body, { hasToken: false })).toEqual([
      'warn: app_id, user_id and _context will be replaced by the runtime.',
      'warn: user_jwt will be removed by the runtime: no token is sent.',
    ]);
  });

  it('warns about duplicate keys, at most three of them', () => {
    expect(notes('{"a": 1,\n "a": 2}')).toEqual([
      'warn: "a" appears twice, again in line 2; the last one wins.',
    ]);
    const many = Array.from({ length: 6 }, (_, at) => `"k${at}": 1, "k${at}": 2`).join(', ');
    expect(notes(`{${many}}`)).toHaveLength(3);
    expect(notes(`{${many}}`).at(-1)).toContain('(3 more duplicate keys)');
  });
});

describe('bodyMarks', () => {
  const marks = (body: string) =>
    bodyMarks(body).map(({ from, to, tone, text }) => `${tone} ${body.slice(from, to)}: ${text}`);

  it('marks reserved keys, duplicate keys and the first syntax error at their positions', () => {
    expect(marks('{"user_id": 1, "in": {"user_id": 2}, "a": 1, "a": 2')).toEqual([
      'warn "user_id": Only the runtime sets "user_id" (contract §4)',
      'warn "a": "a" appears twice; the last one wins',
      'bad : Expected a comma or }, but the text ends here',
    ]);
    expect(marks('{"a": 1,}')).toEqual(['bad }: A comma with nothing after it']);
    expect(marks('')).toEqual([]);
  });
});
