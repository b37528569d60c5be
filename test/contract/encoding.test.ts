import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { DEBIAN_PYTHON, skippable, whyWithout } from '../support/debian-python.ts';
import { type FastApi, startFastApi } from '../support/fastapi.ts';
import { readFixturePlugins } from '../support/fixture-plugins.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { bodyTexts } from './json-texts.ts';
import { expressions, REFUSED } from './python-expressions.ts';

/**
 * CONTRACT.md §4: what a Python plugin gets and what a client gets of its result are, byte for byte, what a FastAPI
 * application makes of them, which is what production is.
 */

/** The same cases in every run; a failure prints it beside the smallest case that fails. */
const SEED = 20_261;
/** Eight requests with 25 values each. */
const OPTIONS = { seed: SEED, numRuns: 8, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: true };
const PER_REQUEST = 25;

const reason = whyWithout(
  ['fastapi', 'uvicorn', 'bson'],
  ['python3-fastapi', 'python3-uvicorn', 'python3-bson'],
);

describe.skipIf(reason !== null)(skippable('a Python plugin, beside FastAPI', reason), () => {
  let application: FastApi;
  let runtime: TestRuntime;

  const cleanUp = cleanUpAfterAll();
  beforeAll(async () => {
    application = await startFastApi();
    cleanUp(() => application.stop());
    runtime = await startRuntime({
      plugins: readFixturePlugins('encoding/plugins'),
      env: { MOZAIKS_PYTHON: DEBIAN_PYTHON },
      cleanUp,
    });
  });

  async function compare(plugin: string, body: string): Promise<void> {
    const theirs = await application.execute(plugin, body);
    const { status, text } = await runtime.execute(plugin, body);
    expect(theirs.status).toBe(200);
    expect({ status, text }).toEqual(theirs);
  }

  it('gets bodies as json.loads reads them', async () => {
    const bodies = fc.asyncProperty(bodyTexts(PER_REQUEST), (body) => compare('bodies', body));
    await fc.assert(bodies, OPTIONS);
  });

  it('returns what jsonable_encoder and JSONResponse make of it', async () => {
    const results = fc.asyncProperty(expressions(PER_REQUEST), (batch) =>
      compare('results', JSON.stringify({ expressions: batch })),
    );
    await fc.assert(results, OPTIONS);
  });

  it.each(REFUSED)('is refused where FastAPI fails: %s', async (expression) => {
    const body = JSON.stringify({ expressions: [expression] });
    expect((await application.execute('results', body)).status).toBe(500);
    expect(await runtime.execute('results', body)).toMatchObject({
      status: 500,
      json: { error_code: 'PLUGIN_INVALID_RESULT', detail: expect.stringContaining('values[0]') },
    });
  });
});
