import { describe, expect, it } from 'vitest';
import type { ResultDifference } from '../../main/contract/host.ts';
import type { Json } from '../../main/contract/http.ts';
import type { CallReport, CallResult, NewProcess } from '../../main/plugins/engine/types.ts';
import { lineOfDisabled, linesOfCall, type SeenCall } from '../../main/server/in-production.ts';
import { returned } from '../support/returned.ts';

/** CONTRACT.md §7, rule by rule: what the runtime knows of a call, and the line it says. */

const PYTHON = { language: 'python', backend: 'plugins.tasks.logic', enabled: true } as const;
const fine = returned({ done: true });

interface Given extends Partial<Omit<SeenCall, 'report'>> {
  readonly result?: CallResult;
  readonly report?: Partial<SeenCall['report']>;
}

function lines({ result = fine, report = {}, ...call }: Given): readonly string[] {
  const none: CallReport = {
    result,
    queueMs: 0,
    runMs: 0,
    pausedMs: 0,
    console: [],
    events: [],
    version: 'abc',
    pid: 1,
    children: [],
    droppedChildren: 0,
    blockedMs: 0,
    unawaited: [],
  };
  const seen = { plugin: 'tasks', view: PYTHON, isHostPath: false, userId: 'ada', timeoutMs: 5_000 };
  return linesOfCall({ ...seen, ...call, report: { ...none, ...report } });
}

const onHostPath = (given: Given) => lines({ ...given, isHostPath: true });
const withError = (error: Json) => returned({ error, error_code: 'MINE' });
const failed = (message: string): CallResult => ({ kind: 'load-failed', message });
const invalid = (reason: string): CallResult => ({ kind: 'invalid', reason });
const threw = (message: string): CallResult => ({ kind: 'threw', message, stack: null });
const TIMEOUT: CallResult = { kind: 'timeout' };
const CONTEXT = 'no app_id, user_jwt and _entitlements on this path but those the client sends.';
const NOTIFIED = '500 {"detail":"An internal server error occurred. Our team has been notified."}';

describe('the plugin', () => {
  it('says nothing of a call that ends alike', () => {
    expect(lines({})).toEqual([]);
    expect(lines({ view: undefined })).toEqual([]);
    expect(lines({ result: threw('no') })).toEqual([]);
    // A finding says so.
    expect(lines({ report: { blockedMs: 6_040 } })).toEqual([]);
    expect(lines({ result: { kind: 'crashed', reason: 'gone' } })).toEqual([]);
  });

  it.each(['javascript', 'typescript'] as const)(
    'is not found there in %s, whatever it did here',
    (language) => {
      const view = { ...PYTHON, language };
      const line = `404 {"detail":"Plugin 'tasks' not found."}, since it runs Python only.`;
      expect([lines({ view }), lines({ view, result: TIMEOUT })]).toEqual([[line], [line]]);
      expect(onHostPath({ view })).toEqual([
        '404 {"error":"Plugin not found","plugin":"tasks"}, since it runs Python only.',
      ]);
    },
  );

  it('is not found by the plugin host in backend/', () => {
    const view = { ...PYTHON, backend: 'plugins.tasks.backend.logic' };
    expect(lines({ view })).toEqual([]);
    expect(onHostPath({ view })).toEqual([
      '404 {"error":"Plugin not found","plugin":"tasks"}, since it looks for logic.py in the plugin’s own folder only.',
    ]);
  });

  it('is not found when it doesn’t load', () => {
    const line = `404 {"detail":"Plugin 'tasks' not found."}`;
    expect(lines({ result: failed("No module named 'jose'") })).toEqual([line]);
    expect(onHostPath({ result: failed('no'), report: { pid: null } })).toEqual([]);
  });

  it('is loaded without execute and run', () => {
    const result = failed('no function execute(data) is defined (functions found: none); define one');
    expect(lines({ result })).toEqual(['500 {"detail":"Plugin tasks has no execute() or run() method"}']);
  });

  it('is called although its manifest disables it', () => {
    const disabled = { ...PYTHON, enabled: false };
    expect(lineOfDisabled(disabled)).toBe('the plugin is called: enabled in manifest.json is ignored.');
    expect(lineOfDisabled(PYTHON)).toBeNull();
    expect(lineOfDisabled(undefined)).toBeNull();
    expect(lineOfDisabled({ ...disabled, language: 'javascript' })).toBeNull();
  });
});

describe('the result', () => {
  it.each([
    ['list', '[1,2]', '200 [1,2]'],
    ['str', '"done"', '200 "done"'],
    ['NoneType', 'null', '200 null'],
    ['list', undefined, '200, and the list as JSON.'],
    ['coroutine', null, NOTIFIED],
  ])('a %s that is %j there', (typeName, json, line) => {
    const result: CallResult = { kind: 'invalid', reason: 'it is not a dict', typeName, json };
    expect(lines({ result })).toEqual([line]);
    expect(onHostPath({ result })).toEqual([CONTEXT]);
  });

  it.each<[ResultDifference, string]>([
    ['awaited', '500: what a plain function returns is not awaited.'],
    [
      'pydantic-1',
      'a model of pydantic 1 is one of pydantic 2, with JSON of its own; one of pydantic.v1 answers 500.',
    ],
  ])('%s', (one, line) => {
    const result: CallResult = { ...fine, differs: [one] };
    expect(lines({ result })).toEqual([line]);
    expect(onHostPath({ result })).toEqual(one === 'awaited' ? [CONTEXT] : [CONTEXT, line]);
  });

  it('can’t be encoded there either', () => {
    expect(lines({ result: invalid('it holds an ObjectId at tasks[0]._id') })).toEqual([NOTIFIED]);
  });

  it('may be large', () => {
    const result = invalid('it is 6.1 MB as JSON; the limit is 5.0 MB');
    expect(lines({ result })).toEqual(['200: a result may have any size.']);
  });

  it.each([
    ['no task', '"no task"'],
    [null, '"Internal Server Error"'],
    [false, 'false'],
    [{ field: 'title' }, '{"field":"title"}'],
  ])('with the error %j has a detail alone', (error, detail) => {
    const result = withError(error);
    expect(lines({ result })).toEqual([`500 {"detail":${detail}}, without error_code and status_code.`]);
    expect(onHostPath({ result })).toEqual([CONTEXT]);
  });

  it('survives an error that is nested too deeply', () => {
    let deep: Json = [];
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    expect(lines({ result: { kind: 'returned', value: { error: deep }, json: '' } })).toEqual([
      '500 (nested too deeply to be shown), without error_code and status_code.',
    ]);
  });

  it('names the user id that is not an ObjectId', () => {
    const message = (id: string) =>
      `'${id}' is not a valid ObjectId, it must be a 12-byte input or a 24-character hex string`;
    expect(lines({ result: threw(message('ada')) })).toEqual([
      'user_id is the 24 hex digits of a document in users (v1.0.0), not the claim "ada".',
    ]);
    expect(lines({ result: threw(message('task-1')) })).toEqual([]);
  });
});

describe('the time', () => {
  it.each([
    [5_000, '5.0'],
    [1_500, '1.5'],
  ])('of %i ms is written as a float', (timeoutMs, seconds) => {
    expect(lines({ result: TIMEOUT, timeoutMs })).toEqual([
      `500 {"detail":"Plugin execution timed out after ${seconds} seconds"}`,
    ]);
  });

  it('has no end where the event loop is blocked, nor on the plugin host’s path', () => {
    expect(lines({ result: TIMEOUT, report: { blockedMs: 5_000 } })).toEqual([
      'no timeout while the event loop is blocked: the call runs to its end.',
    ]);
    expect(onHostPath({ result: TIMEOUT })).toEqual([
      CONTEXT,
      'the call runs to its end: there is no timeout on this path.',
    ]);
  });

  it('is not spent waiting for a turn', () => {
    const line = 'the call runs at once: calls of a plugin never wait for each other.';
    expect(lines({ report: { queued: true } })).toEqual([line]);
    expect(lines({ result: TIMEOUT, report: { queued: true, pid: null } })).toEqual([line]);
  });

  const REASONS: Record<NewProcess, string> = {
    reloaded: 'the plugin was reloaded',
    restarted: 'the plugin was restarted',
    parked: 'the last one was parked while idle',
    killed: 'the last one was ended after a timeout',
    crashed: 'the last one crashed',
  };
  it.each(Object.entries(REASONS) as [NewProcess, string][])(
    'module state outlives it: %s',
    (newProcess, why) => {
      expect(lines({ report: { newProcess } })).toEqual([
        `module state lives as long as the server; this is the first call of a new process, since ${why}.`,
      ]);
    },
  );

  it('variables that are held back are named', () => {
    expect(lines({ report: { withheld: [] } })).toEqual([]);
    expect(lines({ report: { withheld: ['SHOP_KEY', 'JWT_SECRET_KEY'] } })).toEqual([
      'SHOP_KEY, JWT_SECRET_KEY: found if the server has it, since plugins share its environment; here .env and MOZAIKS_PLUGIN_ENV_* pass on all but the runtime’s secrets.',
    ]);
  });

  it('the plugin host adds no context', () => {
    expect(onHostPath({})).toEqual([CONTEXT]);
    expect(onHostPath({ result: { kind: 'unknown' }, report: { pid: null } })).toEqual([]);
  });
});
