import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { ServerLimits } from '../../main/server/connection/listen.ts';
import type { CleanUp } from './clean-up.ts';
import { projectRoot, temporaryFolder, writePlugin } from './folders.ts';
import { databaseScript, hostScript, hostScripts, threadScripts } from './host-script.ts';
import { SECRET } from './server.ts';

export interface RuntimeProcess {
  readonly pid: number;
  /** Where its plugins are. */
  readonly plugins: string;
  readonly port: number;
  readonly baseUrl: string;
  /** Resident memory in MiB. */
  memory(): number;
  /** Open descriptors. */
  descriptors(): number;
  /** Null while it runs. */
  exitCode(): number | null;
  /** What it logged so far. */
  log(): string;
}

export interface RuntimeProcessOptions {
  /** The source of each plugin's `logic.js`. */
  readonly plugins?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Partial<ServerLimits>;
  readonly headless?: { readonly token: string; readonly uiFolder: string };
  /** The words of a command that starts it, given the folder that holds its files: the user's own is `user`. */
  readonly through?: (folder: string) => readonly string[];
  /** When it ends. */
  readonly cleanUp: CleanUp;
}

/** A whole runtime over plugins of its own, as a process that can be measured, and may be attacked. */
export async function startRuntimeProcess(options: RuntimeProcessOptions): Promise<RuntimeProcess> {
  const script = await bundled();
  const folder = await temporaryFolder('workbench-process');
  const plugins = join(folder.path, 'plugins');
  await Promise.all([mkdir(plugins), mkdir(join(folder.path, 'user'))]);
  for (const [name, source] of Object.entries(options.plugins ?? {}))
    await writePlugin(plugins, name, source);
  const settings = {
    env: { PORT: '0', JWT_SECRET: SECRET, MOZAIKS_PLUGINS_PATH: plugins, ...options.env },
    folder: folder.path,
    hostScripts,
    threadScripts,
    databaseScript,
    serverLimits: options.limits,
    headless: options.headless ?? null,
  };
  const [command = process.execPath, ...words] = [
    ...(options.through?.(folder.path) ?? []),
    process.execPath,
    script,
  ];
  const child = spawn(command, [...words, JSON.stringify(settings)]);
  let logged = '';
  child.stderr.on('data', (chunk: Buffer) => {
    logged += chunk.toString();
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  options.cleanUp(async () => {
    child.stdin.end();
    await exited;
    await folder.remove();
  });
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().replace('listening on ', '').trim()));
    child.once('exit', (code) => reject(new Error(`the runtime's process ended with ${code}: ${logged}`)));
  });
  const pid = child.pid ?? 0;
  return {
    pid,
    plugins,
    baseUrl,
    port: Number(new URL(baseUrl).port),
    memory: () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    descriptors: () => readdirSync(`/proc/${pid}/fd`).length,
    exitCode: () => child.exitCode,
    log: () => logged,
  };
}

/** Beside the host script, where `esbuild`, which can't be bundled, is found. */
async function bundled(): Promise<string> {
  const outfile = hostScript.replace(/[^\\/]+$/, 'runtime-child.cjs');
  await build({
    entryPoints: [`${projectRoot}/test/support/runtime-child.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // As the product's own build has it.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(outfile).href) },
    external: ['esbuild', 'fsevents'],
    logLevel: 'warning',
    plugins: [rawImports],
  });
  return outfile;
}

/** `import text from './file?raw'`, as the product's own build has it. */
const rawImports: Plugin = {
  name: 'raw',
  setup({ onLoad }) {
    onLoad({ filter: /./ }, async ({ path, suffix }) =>
      suffix === '?raw' ? { contents: await readFile(path, 'utf8'), loader: 'text' } : undefined,
    );
  },
};
