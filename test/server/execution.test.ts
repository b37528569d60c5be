import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server.ts';
import { echo, stubEngine } from '../support/stub-engine.ts';

const post = (url: string) => fetch(url, { method: 'POST', body: '{}' });

describe('a call before the first scan is done', () => {
  it('waits for the scan, then finds its plugin', async () => {
    let endScan: () => void = () => undefined;
    let hasPlugin = false;
    const engine = {
      ...stubEngine({ echo }),
      scanned: new Promise<void>((resolve) => {
        endScan = resolve;
      }),
      canRun: (name: string) => hasPlugin && name === 'echo',
    };
    const { baseUrl } = await startServer(engine);
    let answers = 0;
    const [found, unknown] = ['echo', 'nobody'].map((name) =>
      post(`${baseUrl}/api/execute/${name}`).finally(() => {
        answers += 1;
      }),
    );
    // One that can be answered at once, after the two that can't.
    await fetch(`${baseUrl}/health`);
    expect(answers).toBe(0);
    hasPlugin = true;
    endScan();
    expect((await found)?.status).toBe(200);
    expect((await unknown)?.status).toBe(404);
  });
});
