import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toJson } from '../../main/conformance/reports/report-document.ts';
import { projectRoot, temporaryFolder } from '../support/folders.ts';
import { madeCheck, madeReport } from '../support/made-report.ts';
import { sampleTrace } from '../traces/trace-samples.ts';
import { changedTexts } from './mutations.ts';
import type { ReadAnswer, Reading } from './readers-child.ts';
import { VALID_ANSWERS } from './valid-answers.ts';

/**
 * The readers of files and texts that others make, each given valid ones that were changed. A failure prints its
 * seed and path, with which fast-check tries the same again. `npm run fuzz -- --texts 20000` tries more of them.
 */
const RUNS = {
  numRuns: Number(process.env.WORKBENCH_FUZZ_TEXTS ?? 40),
  seed: Number(process.env.WORKBENCH_FUZZ_SEED ?? Date.now()),
};

/** For one text; the slowest take a tenth of a second on a free machine. */
const DEADLINE_MS = 10_000;
const MOST_GROWN_BYTES = 20 * 1024 * 1024;

const VALID: Readonly<Record<Reading['reader'], readonly string[]>> = {
  'trace file': [
    JSON.stringify({
      format: 'mozaiks-workbench-traces',
      version: 1,
      exportedAt: '2026-01-23T12:00:00.000Z',
      traces: [sampleTrace(1, { user: 'Zoë' }), sampleTrace(2)],
    }),
  ],
  '.env': [
    'PORT=0\nHOST=127.0.0.1\nMOZAIKS_PLUGINS_PATH=./plugins\nJWT_SECRET="a secret of Zoë, 32 bytes and more"\n' +
      "ALLOWED_ORIGINS=http://localhost:5173\nMOZAIKS_PLUGIN_TIMEOUT_SECONDS=2.5\nMOZAIKS_PLUGIN_ENV_KEY='a value'\n",
    'MOZAIKS_AUTH_MODE=external\nMOZAIKS_JWKS_URL=https://id.example/jwks\nMOZAIKS_ISSUER=https://id.example\n' +
      'MOZAIKS_AUDIENCE=workbench # ours\nexport MONETIZATION=true\nMOZAIKS_AS_PRODUCTION=false\n',
  ],
  manifest: [
    '{"display_name": "Zoë", "description": "x", "version": "1.0.0", "enabled": true, "other": [1]}',
  ],
  'entitlements.yaml': [
    'schema_version: "1.0"\nplugin: p\nfeatures:\n  hd: {default: false}\nlimits:\n  calls: {type: consumable, ' +
      'reset: daily, default: 5}\ntiers:\n  free: &a\n    features: {hd: false}\n  pro:\n    inherits: free\n' +
      '    limits: {calls: 100}\n  best: *a\nactions:\n  watch:\n    requires_features: [hd]\n    consumes: {calls: 1}\n',
  ],
  'address of a target': ['http://127.0.0.1:8080', 'https://runtime.example/', 'http://[::1]:80'],
  'answer of a target': VALID_ANSWERS,
  'recent folders': ['{"recent": ["/a", "/b"], "last": "/a", "reopen": true, "agreed": ["/a"]}'],
  report: [
    toJson(madeReport([madeCheck('header.health'), madeCheck('identity.user-jwt', { verdict: 'skipped' })])),
  ],
  sample: ['{"name": "Zoë", "list": [1, 2.50, {"a": null}], "big": 12345678901234567890}\n'],
  documents: ['[{"_id": {"$oid": "0"}, "user_id": "u", "plugin_settings": {"a": 1}}]'],
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let child: ChildProcess | null = null;

beforeAll(async () => {
  folder = await temporaryFolder('readers');
  await build({
    entryPoints: [join(projectRoot, 'test/fuzz/readers-child.ts')],
    outfile: join(folder.path, 'child.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
});

afterAll(async () => {
  child?.kill('SIGKILL');
  await folder.remove();
});

/** What the process answers, or what became of it. */
function ask(reading: Reading): Promise<ReadAnswer> {
  const running = child ?? fork(join(folder.path, 'child.cjs'), [folder.path], { execArgv: ['--expose-gc'] });
  child = running;
  return new Promise((resolve) => {
    const settle = (answer: ReadAnswer) => {
      clearTimeout(timer);
      running.off('exit', end).off('message', settle);
      resolve(answer);
    };
    const fail = (fault: string) => {
      child = null;
      running.kill('SIGKILL');
      settle({ problems: [], fault, heap: null });
    };
    const end = (code: number | null) => fail(`its process ended with ${code}`);
    const timer = setTimeout(() => fail(`no end after ${DEADLINE_MS} ms`), DEADLINE_MS);
    running.once('exit', end).once('message', settle);
    running.send(reading);
  });
}

/** Words of the machine, not for users. */
const INTERNALS = /call stack|Cannot (read|convert)|is not (a function|iterable)|of undefined|\[object /;

it.each(Object.entries(VALID))('T5: a changed %s is read or refused with its reason', async (name, valid) => {
  const reader = name as Reading['reader'];
  const heap = async () => (await ask({ reader, text: valid[0] ?? '', weigh: true })).heap ?? Number.NaN;
  expect(await ask({ reader, text: Buffer.from(valid[0] ?? '').toString('latin1'), weigh: false })).toEqual({
    problems: [],
    fault: null,
    heap: null,
  });
  const before = await heap();
  await fc.assert(
    fc.asyncProperty(changedTexts(valid), async (text) => {
      const { fault, problems } = await ask({ reader, text, weigh: false });
      expect(fault).toBeNull();
      for (const problem of problems) {
        expect(problem).toMatch(/\S{2}/);
        expect(problem).not.toMatch(INTERNALS);
      }
    }),
    RUNS,
  );
  expect((await heap()) - before).toBeLessThan(MOST_GROWN_BYTES);
});
