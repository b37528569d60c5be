import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createDownloads } from '../../../main/inspector/downloads.ts';
import type { Inspector } from '../../../main/inspector/inspector.ts';
import { createInspectorRoutes } from '../../../main/server/routes/inspector.ts';
import { startServer } from '../../support/server.ts';
import { stubEngine } from '../../support/stub-engine.ts';

/**
 * Time itself can't be measured over a socket. So Node's comparison in constant time is made to answer the
 * opposite of what is right: where it alone decides, right keys are refused then, and wrong ones let in.
 */
function watchComparison() {
  const comparison = vi.spyOn(crypto, 'timingSafeEqual');
  // Who has imported it by name gets the other one, too.
  syncBuiltinESMExports();
  onTestFinished(() => {
    comparison.mockRestore();
    syncBuiltinESMExports();
  });
  return comparison;
}

const LAUNCH_TOKEN = 'launch-token-of-this-test';
const API_KEY = 'an-internal-key-for-tests';
const WRONG = 'something-else';

const ASKED: Readonly<Record<string, (baseUrl: string, key: string) => Promise<Response>>> = {
  'launch token': (baseUrl, token) => fetch(`${baseUrl}/__inspector/${token}/nothing`),
  'internal key': (baseUrl, key) =>
    fetch(`${baseUrl}/api/internal/subscription/sync`, {
      method: 'POST',
      headers: { 'X-Internal-API-Key': key },
      body: '{}',
    }),
};

it.each([
  ['launch token', LAUNCH_TOKEN, { right: 404, wrong: 401 }],
  ['internal key', API_KEY, { right: 422, wrong: 403 }],
])('leaves it to a comparison in constant time alone whether the %s is right', async (name, key, status) => {
  const options = { token: LAUNCH_TOKEN, uiFolder: '', downloads: createDownloads() };
  const inspector = createInspectorRoutes({} as Inspector, options);
  const { baseUrl } = await startServer(stubEngine({}), {
    env: { INTERNAL_API_KEY: API_KEY },
    more: { inspector },
  });
  const ask = async (given: string) => (await ASKED[name]?.(baseUrl, given))?.status;
  const comparison = watchComparison().mockReturnValue(false);
  expect(await ask(key)).toBe(status.wrong);
  comparison.mockReturnValue(true);
  expect(await ask(WRONG)).toBe(status.right);
  expect(comparison).toHaveBeenCalledTimes(2);
});
