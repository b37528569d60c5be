import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import type { ChildSpanMode } from '../contract/child-span.ts';
import { type LaunchedHost, lineChannel } from './channel.ts';
import { pluginEnvironment } from './environment.ts';
import { MARK_VARIABLE } from './orphans.ts';

/**
 * Starts processes for plugins of one language, which exchange the messages of contract/host.ts over their
 * channel.
 */
export interface HostLauncher {
  readonly memoryLimitMb: number;
  /** Default: off. */
  readonly childSpans?: ChildSpanMode | undefined;
  /**
   * `mark`: what the process and all that it starts are known by (orphans.ts).
   * @throws where the system has no descriptor, memory or process left
   */
  launch(mark: string): LaunchedHost;
}

interface NodeLauncherOptions {
  /** The bundled `node-host.cjs`. */
  readonly script: string;
  /** The runtime's own environment; plugins see an allow-list of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What plugins get beside it, at the time of a start. */
  readonly variables?: (() => Readonly<Record<string, string>>) | undefined;
  /** Limits V8's old space and the process's resident memory (memory.ts). */
  readonly memoryLimitMb: number;
  /** Default: off. */
  readonly childSpans?: ChildSpanMode | undefined;
}

/** Starts Node processes for TypeScript and JavaScript plugins. */
export function createNodeLauncher({
  script,
  environment,
  variables,
  memoryLimitMb,
  childSpans,
}: NodeLauncherOptions): HostLauncher {
  return {
    memoryLimitMb,
    childSpans,
    launch: (mark) => {
      const env = pluginEnvironment(environment, variables?.());
      if (process.versions.electron !== undefined) env.ELECTRON_RUN_AS_NODE = '1';
      const args = [`--max-old-space-size=${memoryLimitMb}`, script, childSpans ?? 'off'];
      const child = spawnHost(process.execPath, args, {
        env: { ...env, [MARK_VARIABLE]: mark },
        // Standard error is read for what an engine that aborts writes; a plugin's output arrives as
        // messages. The channel is beside the standard streams from the start, since Node can't move it there
        // (node/child/channel.ts). It is never Node's own: that one parses what the plugin writes, unguarded.
        stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      });
      const [, , , down, up] = child.stdio;
      const channel = lineChannel(discardInput(down as Duplex), up as Readable);
      // An empty line, by which no load is the first to make it read.
      (down as Duplex).write('\n');
      return { child, channel };
    },
  };
}

/** Or why the system can't start a process. */
export function tryLaunch(launcher: HostLauncher, mark: string): LaunchedHost | Error {
  try {
    return launcher.launch(mark);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * A process of a group of its own, so that what a plugin starts dies with it.
 * @throws when the system has no descriptor, memory or process left
 */
export function spawnHost(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'env' | 'stdio'>,
): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true, windowsHide: true });
  // Without a free descriptor there are no streams, whatever the types say, and the reason is only an event.
  if ((child.stdio as ChildProcess['stdio'] | undefined) !== undefined) return child;
  child.on('error', () => undefined);
  throw new Error('the system has no file descriptor left for it');
}

/** Nothing comes up the way down, unless the plugin writes there: then it must not wait for a reader. */
function discardInput(down: Duplex): Duplex {
  return down.resume();
}
