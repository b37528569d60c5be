import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Result } from '../../main/contract/errors.ts';
import type { AnswerOf, ArgumentOf, InspectorName } from '../../main/contract/inspector.ts';
import { copyExamples, projectRoot, temporaryFolder } from '../support/folders.ts';

/** The built headless shell on the same folders again and again, ended in every way. */

interface Run {
  execute(times: number): Promise<void>;
  call<N extends InspectorName>(name: N, argument: ArgumentOf<N>): Promise<AnswerOf<N>>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

async function start(home: string, plugins: string): Promise<Run> {
  const server = spawn(
    process.execPath,
    [join(projectRoot, 'out/main/cli.cjs'), 'serve', '--port', '0', '--plugins', plugins],
    {
      env: { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: join(home, 'config') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const gone = new Promise<number | null>((resolve) => server.once('exit', (code) => resolve(code)));
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await gone;
  });
  const [baseUrl, uiUrl] = await addresses(server);
  return {
    async execute(times) {
      for (let call = 0; call < times; call += 1) {
        const answer = await fetch(`${baseUrl}/api/execute/hello`, {
          method: 'POST',
          body: '{"name":"Zoë"}',
        });
        expect(answer.status).toBe(200);
        await answer.text();
      }
    },
    async call(name, argument) {
      const url = new URL(`../call/${name}`, uiUrl);
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify(argument) });
      const result = (await answer.json()) as Result<never>;
      if (!result.ok) throw new Error(result.error.message);
      return result.value;
    },
    end(signal) {
      server.kill(signal);
      return gone;
    },
  };
}

function addresses(server: ChildProcess): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    let text = '';
    server.once('exit', (code) => reject(new Error(`the headless shell ended with ${code}`)));
    server.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const base = /^listening on (\S+)$/m.exec(text)?.[1];
      const ui = /^open (\S+) in a browser$/m.exec(text)?.[1];
      if (base !== undefined && ui !== undefined) resolve([base, ui]);
    });
  });
}

/** The list once the traces of earlier runs have been read. */
function listed(run: Run) {
  return vi.waitFor(async () => {
    const page = await run.call('traces', { limit: 100 });
    expect(page.reading).toBeUndefined();
    return page;
  }, 20_000);
}

function linesOnDisk(home: string): number {
  const folder = join(home, 'config/mozaiks-workbench/traces');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.jsonl'),
  );
  return files.reduce(
    (sum, name) => sum + readFileSync(join(folder, name), 'utf8').split('\n').length - 1,
    0,
  );
}

it('traces survive a stop and a kill, with their numbers, and can be opened and searched', async () => {
  const { path: home, remove } = await temporaryFolder('restarts');
  onTestFinished(remove);
  const plugins = await copyExamples(home, ['hello']);
  const first = await start(home, plugins);
  await first.execute(5);
  // The last answer is out before its trace is stored: the end waits for it.
  expect(await first.end('SIGTERM')).toBe(0);

  const second = await start(home, plugins);
  const before = await listed(second);
  expect(before).toMatchObject({ kept: 5, matched: 5, dropped: 0, place: 'disk' });
  await second.execute(4);
  await vi.waitFor(async () => expect((await listed(second)).kept).toBe(9), 10_000);
  await vi.waitFor(() => expect(linesOnDisk(home)).toBe(9), 10_000);
  await second.end('SIGKILL');

  const third = await start(home, plugins);
  const after = await listed(third);
  expect(after.traces.map(({ seq }) => seq)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(after).toMatchObject({ kept: 9, dropped: 0, place: 'disk' });
  expect((await third.call('snapshot', null)).notices).toEqual([]);
  const oldest = after.traces.at(-1)?.id ?? '';
  expect(await third.call('trace', { id: oldest })).toMatchObject({ seq: 1, plugin: 'hello', status: 200 });
  expect(await third.call('traces', { limit: 3, text: 'ZOË' })).toMatchObject({ matched: 9 });
  await third.call('clearTraces', null);
  expect(await third.end('SIGTERM')).toBe(0);

  const fourth = await start(home, plugins);
  expect(await listed(fourth)).toMatchObject({ kept: 0, dropped: 0 });
  await fourth.execute(1);
  await vi.waitFor(async () => expect((await listed(fourth)).traces[0]?.seq).toBe(10), 10_000);
});
