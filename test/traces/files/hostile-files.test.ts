import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { createTraceReader } from '../../../main/traces/files/file-task.ts';
import { createOpenedFiles } from '../../../main/traces/files/opened-files.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { threadScripts } from '../../support/host-script.ts';
import { sampleTrace } from '../trace-samples.ts';

/** Files of 32 MiB that were made to hold up whoever opens them: read in a thread, they hold up nobody. */

const SIZE = 32 * 1024 * 1024;
const span = JSON.stringify({ step: 'run', startMs: 0, durationMs: 0, ok: true });

/** A file whose only trace has `json` in place of one of its own parts. */
function fileWith(part: string, json: string): string {
  const trace = JSON.stringify({ ...sampleTrace(1), [part]: null });
  return `{"format":"mozaiks-workbench-traces","version":1,"traces":[${trace.replace(`"${part}":null`, `"${part}":${json}`)}]}`;
}

function manyHeaders(): string {
  const headers = Array.from({ length: 2_000_000 }, (_, n) => `"${n.toString(36)}":""`).join(',');
  return `{"method":"POST","path":"/","body":null,"headers":{${headers}}}`;
}

const FILES: Readonly<Record<string, () => string>> = {
  'lists in lists': () =>
    fileWith('received', `{"a":${'['.repeat(SIZE / 2 - 1_000)}${']'.repeat(SIZE / 2 - 1_000)}}`),
  'two million headers': () => fileWith('request', manyHeaders()),
  'half a million spans': () =>
    fileWith('spans', `[${Array.from({ length: 500_000 }, () => span).join(',')}]`),
  'a long text of quotes': () => fileWith('user', `"${'\\"'.repeat(SIZE / 2 - 2_000)}"`),
};

it.each(Object.entries(FILES))('T4: %s are refused, and hold up nothing meanwhile', async (_, write) => {
  const files = createOpenedFiles(createRedactor([]), createTraceReader(threadScripts.traceFile, []));
  const text = write();
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const refused = expect(files.open('x.json', text)).rejects;
  await refused.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining("“x.json” can't be opened"),
  });
  delay.disable();
  // On this thread it took from eight to nineteen seconds.
  expect(delay.max / 1e6).toBeLessThan(2_000);
});

it('T4: one that takes longer than its time is given up', async () => {
  const read = createTraceReader(threadScripts.traceFile, [], 1);
  await expect(read('x.json', fileWith('user', 'null'))).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: "“x.json” can't be opened: it takes longer than 0.001 s. Export fewer traces",
  });
});
