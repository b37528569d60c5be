import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { TRACE_LIMITS, TraceStore } from '../../main/traces/store/store.ts';
import { OWNER, traceOf } from './trace-fixture.ts';

/**
 * A process that adds traces until it is killed; tells how many now and then, and waits for an answer, lest it
 * outruns the disk and has to drop some. Arguments: the user's folder, the thread's script.
 */

const [configPath = '', script = ''] = process.argv.slice(2);

async function write(): Promise<void> {
  const store = new TraceStore(TRACE_LIMITS, {
    configPath,
    script,
    owner: OWNER,
    maxTraces: 100_000,
    maxBytes: 256 * 1024 * 1024,
  });
  await store.open();
  for (let count = 1; ; count += 1) {
    store.add(traceOf(count));
    if (count % 10 === 0) await turn();
    if (count % 100 === 0) {
      process.send?.(count);
      await once(process, 'message');
    }
  }
}

write().catch((error: unknown) => {
  throw error;
});
