import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { projectRoot } from '../../support/folders.ts';
import { startRuntimeProcess } from '../../support/runtime-process.ts';

/**
 * Who the Inspector answers when the runtime listens on every address (SECURITY.md §3), in a network of the
 * test's own: nothing outside of it is reached.
 */

const OUTER = '10.255.7.9';
const NETWORK = `ip link set lo up && ip addr add ${OUTER}/32 dev lo`;
const canMakeNetwork = spawnSync('unshare', ['-rn', 'sh', '-c', NETWORK]).status === 0;

const token = 'launch-token-of-this-test';

it.skipIf(!canMakeNetwork)('H16: the Inspector answers loopback alone, with the right key too', async () => {
  const { pid, port } = await startRuntimeProcess({
    env: { HOST: '0.0.0.0', ALLOWED_HOSTS: `box.lan,${OUTER}`, MOZAIKS_REQUIRE_TOKEN: 'true' },
    headless: { token, uiFolder: projectRoot },
    through: () => ['unshare', '-rn', 'sh', '-c', `${NETWORK} && exec "$0" "$@"`],
    cleanUp: onTestFinished,
  });
  const ask = async (address: string, path: string, headers = {}) => {
    const url = `http://${address}:${port}${path}`;
    const script = `fetch(${JSON.stringify(url)}, ${JSON.stringify({ method: 'POST', body: 'null', headers })})
      .then(async (answer) => console.log(answer.status, await answer.text()))`;
    const inside = ['--target', String(pid), '--user', '--net', '--preserve-credentials'];
    const { stdout } = await promisify(execFile)('nsenter', [...inside, process.execPath, '-e', script]);
    return stdout;
  };
  const path = `/__inspector/${token}/call/snapshot`;
  const [outer, forwarded, inner, health] = await Promise.all([
    ask(OUTER, path),
    ask(OUTER, path, { 'X-Forwarded-For': '127.0.0.1', Forwarded: 'for=127.0.0.1' }),
    ask('127.0.0.1', path),
    ask(OUTER, '/api/plugins'),
  ]);
  expect(outer).toMatch(/^403 .*FORBIDDEN/);
  expect(forwarded).toMatch(/^403 .*FORBIDDEN/);
  expect(inner).toMatch(/^200 .*"ok":true/);
  // The outer address itself is served.
  expect(health).toMatch(/^405 /);
});
