import { beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from '../cli/command-line.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';

/**
 * Numbers reach a Python plugin, and come back, as they were written (CONTRACT.md §4); for JavaScript the
 * trace says what it can't hold.
 */

const PYTHON = `def execute(data):
    numbers = data["numbers"]
    return {"types": {key: type(value).__name__ for key, value in numbers.items()}, "back": numbers, "own": [2**70, 1e22, 1e-7]}
`;
const JAVASCRIPT = 'export const execute = ({ numbers }) => ({ back: numbers });';
const SENT = '{"big":12345678901234567890123,"one":1.0,"zero":-0.0,"power":1E5}';

let shared: TestRuntime;
const cleanUp = cleanUpAfterAll();
beforeAll(async () => {
  shared = await startRuntime({
    plugins: { snake: { 'logic.py': PYTHON }, script: JAVASCRIPT },
    cleanUp,
  });
});

const noteOf = (step: string) => shared.lastTrace().spans.find((span) => span.step === step)?.note;

describe('P14: numbers', () => {
  it('pass through Python and back unchanged, and are so on the trace', async () => {
    const { text } = await shared.execute('snake', `{"numbers":${SENT}}`);
    expect(text).toBe(
      '{"types":{"big":"int","one":"float","zero":"float","power":"float"},' +
        '"back":{"big":12345678901234567890123,"one":1.0,"zero":-0.0,"power":100000.0},' +
        '"own":[1180591620717411303424,1e+22,1e-07]}',
    );
    const { request, response, exactNumbers } = shared.lastTrace();
    expect(request.body?.text).toBe(`{"numbers":${SENT}}`);
    expect(response?.body?.text).toBe(text);
    expect(exactNumbers).toBe(true);
    expect(noteOf('inject')).toBeUndefined();
  });

  it('reach Python as its own parser reads them, an infinite one too', async () => {
    const { json } = await shared.execute('snake', '{"numbers":{"huge":1e400}}');
    expect(json).toMatchObject({
      error_code: 'PLUGIN_INVALID_RESULT',
      detail: expect.stringContaining('inf at back.huge'),
    });
  });

  it('that JavaScript can’t hold are named on the trace of a JavaScript plugin', async () => {
    const { text } = await shared.execute('script', `{"numbers":${SENT}}`);
    expect(text).toBe('{"back":{"big":1.2345678901234568e+22,"one":1,"zero":0,"power":100000}}');
    expect(noteOf('inject')).toBe(
      'loses digits in JavaScript: 12345678901234567890123 becomes 1.2345678901234568e+22',
    );
    expect(shared.lastTrace().exactNumbers).toBeUndefined();
  });

  it('are printed as they came by exec, with --json too', async () => {
    const args = ['exec', 'snake', '--url', shared.baseUrl, '-d', `{"numbers":${SENT}}`];
    const { out } = await commandLine([...args, '--json'], { cwd: shared.plugins });
    expect(out).toContain('"big": 12345678901234567890123,\n');
    expect(out).toContain('"one": 1.0,\n');
    expect((await commandLine(args, { cwd: shared.plugins })).out).toContain(
      '"big":12345678901234567890123,"one":1.0,"zero":-0.0',
    );
  });
});
