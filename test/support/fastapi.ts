import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DEBIAN_PYTHON } from './debian-python.ts';
import { projectRoot } from './folders.ts';

/** The FastAPI application of `test/fixtures/encoding/`, which encodes as production does. */
export interface FastApi {
  /** POSTs a body, as it is, to a plugin. */
  execute(plugin: string, body: string): Promise<{ readonly status: number; readonly text: string }>;
  stop(): Promise<void>;
}

/** @throws when it ends before it listens, with what it wrote */
export async function startFastApi(): Promise<FastApi> {
  const script = join(projectRoot, 'test/fixtures/encoding/app.py');
  const child = spawn(DEBIAN_PYTHON, ['-B', script], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = `${errors}${chunk}`.slice(-4_096);
  });
  const port = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => Number(line)),
    ended.then(() => {
      throw new Error(`the application ended: ${errors.trim()}`);
    }),
  ]);
  return {
    async execute(plugin, body) {
      const url = `http://127.0.0.1:${port}/api/execute/${plugin}`;
      const response = await fetch(url, { method: 'POST', body });
      return { status: response.status, text: await response.text() };
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
