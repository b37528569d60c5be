import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import type { FolderView } from '../../main/contract/snapshot.ts';
import type { CallResult, EnginePlugin } from '../../main/plugins/engine/types.ts';
import { projectRoot } from '../support/folders.ts';
import { hostScript, hostScripts } from '../support/host-script.ts';

interface EngineState {
  readonly folder: FolderView;
  readonly plugins: readonly EnginePlugin[];
  readonly logged: readonly string[];
}

export interface EngineProcess {
  readonly pid: number;
  state(): Promise<EngineState>;
  call(plugin: string): Promise<CallResult>;
  /** Ends it as nothing can be prepared for. */
  kill(): Promise<void>;
}

export interface Circumstances {
  /** The user it runs as; that needs root. */
  readonly uid?: number;
  /** Shell commands that go before it, in a namespace of its own for users and mounts. */
  readonly inNamespace?: string;
}

/** Whether this machine lets us make a user namespace in which file watches can be limited. */
export function canLimitWatches(): boolean {
  const made = spawnSync('unshare', ['-Ur', 'sh', '-c', 'test -w /proc/sys/user/max_inotify_watches']);
  return made.status === 0;
}

/** An engine over `path` as a process of its own; ended with the test. */
export async function startEngineProcess(path: string, circumstances: Circumstances): Promise<EngineProcess> {
  const script = await bundled();
  const limits = { maxConcurrency: 8, maxLiveHosts: 4, memoryLimitMb: 512 };
  const args = [script, JSON.stringify({ path, hostScripts, python: 'python3', ...limits })];
  const { uid, inNamespace } = circumstances;
  const child =
    inNamespace === undefined
      ? spawn(process.execPath, args, uid === undefined ? {} : { uid, gid: uid })
      : spawn('unshare', ['-Urm', 'sh', '-c', `${inNamespace}; exec "$0" "$@"`, process.execPath, ...args]);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  onTestFinished(async () => {
    child.stdin.end();
    await exited;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the engine's process ended: ${errors}`);
    return JSON.parse(value);
  };
  await next();
  // Questions are answered in order; one at a time keeps it simple.
  const ask = (question: string) => {
    child.stdin.write(`${question}\n`);
    return next();
  };
  const kill = () => {
    child.kill('SIGKILL');
    return exited;
  };
  return { pid: child.pid ?? 0, state: () => ask('state'), call: ask, kill };
}

/** Beside the host script, where `esbuild`, which can't be bundled, is found. */
async function bundled(): Promise<string> {
  const outfile = hostScript.replace(/[^\\/]+$/, 'engine-child.cjs');
  await build({
    entryPoints: [`${projectRoot}/test/support/engine-child.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['esbuild'],
    logLevel: 'warning',
  });
  return outfile;
}
