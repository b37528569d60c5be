import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Json } from '../../../main/contract/http.ts';

const HOSTS = resolve(import.meta.dirname, '../../../main/hosts/python');

/** What the plugin's code reported, and what it left in the variable `out`. */
export interface Driven {
  readonly events: readonly { kind: string; name: string; detail: string; source: string }[];
  readonly out: Json;
}

const PRELUDE = `
import asyncio, json, sys
sys.path.append(${JSON.stringify(HOSTS)})
import mozaiks_standins
events, out = [], None
mozaiks_standins.install(lambda *event: events.append(dict(zip(("kind", "name", "detail", "source"), event))))
`;

/**
 * Runs Python code with the stubs installed and nothing else of the host. `folder` is first in `sys.path`.
 */
export async function runStandins(code: string, folder?: string): Promise<Driven> {
  const script = `${PRELUDE}\n${code}\nprint(json.dumps({"events": events, "out": out}))`;
  const env = {
    PATH: process.env.PATH,
    PYTHONDONTWRITEBYTECODE: '1',
    ...(folder === undefined ? {} : { MOZAIKS_STANDINS_PATH: folder, PYTHONPATH: folder }),
  };
  const { stdout } = await promisify(execFile)('python3', ['-c', script], { env });
  return JSON.parse(stdout) as Driven;
}
