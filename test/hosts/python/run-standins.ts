import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Json, JsonObject } from '../../../main/contract/http.ts';

const HOSTS = resolve(import.meta.dirname, '../../../main/hosts/python');

/** What the plugin's code reported, and what it left in the variable `out`. */
export interface Driven {
  readonly events: readonly { kind: string; name: string; detail: string; source: string }[];
  readonly out: Json;
  /** What the runtime was told and asked. */
  readonly linked: readonly JsonObject[];
}

const PRELUDE = `
import asyncio, json, sys
sys.path.append(${JSON.stringify(HOSTS)})
import mozaiks_host_link, mozaiks_standins
events, out, link_log = [], None, []
class Link(mozaiks_host_link.Link):
    """Has no runtime: logs what that would be told, and answers with what a test sets by name."""
    answers = {}
    async def ask(self, name, argument):
        link_log.append({"ask": name, **argument})
        answer = self.answers[name]
        return answer(**argument) if callable(answer) else answer
link = Link(link_log.append, lambda: None)
mozaiks_standins.install(lambda *event: events.append(dict(zip(("kind", "name", "detail", "source"), event))), link)
`;

/**
 * Runs Python code with the stubs installed and nothing else of the host. `folder` is first in `sys.path`.
 */
export async function runStandins(code: string, folder?: string): Promise<Driven> {
  const script = `${PRELUDE}\n${code}\nprint(json.dumps({"events": events, "out": out, "linked": link_log}))`;
  const env = {
    PATH: process.env.PATH,
    PYTHONDONTWRITEBYTECODE: '1',
    ...(folder === undefined ? {} : { PYTHONPATH: folder }),
  };
  const { stdout } = await promisify(execFile)('python3', ['-c', script], { env });
  return JSON.parse(stdout) as Driven;
}
