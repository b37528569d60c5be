import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HeadlessWorkbench, openHeadless } from '../support/headless.ts';
import { breakAndHeal, checkContract, editAndRun, seeHealth, surviveBytes } from './journey.ts';

/** The same runtime without a window, and the same UI in Chromium over HTTP and server-sent events. */
describe('the browser', () => {
  let workbench: HeadlessWorkbench;
  beforeAll(async () => {
    workbench = await openHeadless();
  });
  afterAll(() => workbench.close());

  it('shows health as the server answers it', () => seeHealth(workbench));
  it('reloads an edited plugin, runs it and explains its context', () => editAndRun(workbench));
  it('keeps the last good version while a broken one is on disk', () => breakAndHeal(workbench));
  it('keeps the whole contract', () => checkContract(workbench));
  it('P9: goes on when a plugin writes to its channel', () => surviveBytes(workbench));

  it('opens nothing without the launch token, and says so with the header', async () => {
    const { baseUrl, uiUrl } = workbench;
    for (const path of [
      '/__inspector',
      '/__inspector/ui/',
      '/__inspector/wrong/ui/',
      '/__inspector/wrong/events',
    ]) {
      const answer = await fetch(`${baseUrl}${path}`);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers.get('x-mozaiks-runtime-version')).toBe('1.0.0');
    }
    const page = await fetch(uiUrl);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('x-mozaiks-runtime-version')).toBe('1.0.0');
    const call = await fetch(new URL('../call/mintToken', uiUrl), {
      method: 'POST',
      headers: { Origin: 'https://evil.example' },
      body: '{"claims":{"sub":"a"}}',
    });
    expect(call.status).toBe(403);
  });
});
