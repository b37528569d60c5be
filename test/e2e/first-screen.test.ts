import { expect, it, onTestFinished } from 'vitest';
import { writePlugin } from '../support/folders.ts';
import { openWorkbench } from '../support/workbench-window.ts';

/** The aim is 1 s on a machine at rest; `npm run bench:window` gives the figures. This one may be busy. */
const DEADLINE_MS = 5_000;

// The runtime calls itself ready after 3 s: a machine busy with other work may need another try to be faster than that.
it('has the first screen soon after the window opens, whatever the plugins do meanwhile', {
  retry: 2,
}, async () => {
  const { page, close } = await openWorkbench({
    // Never done loading: the runtime gives such a one some seconds before it calls itself ready.
    prepare: (plugins) =>
      writePlugin(plugins, 'endless', 'await new Promise(() => {});\nexport const execute = () => ({});\n'),
  });
  onTestFinished(close);
  const readyAt = Date.now();
  const { openedAt, afterMs } = await page.evaluate(() => ({
    openedAt: performance.timeOrigin,
    afterMs: performance.getEntriesByName('first-screen')[0]?.startTime ?? Number.NaN,
  }));
  console.log(`first screen after ${Math.round(afterMs)} ms`);
  expect(afterMs).toBeLessThan(DEADLINE_MS);
  expect(openedAt + afterMs).toBeLessThan(readyAt - 500);
});
