import { fork } from 'node:child_process';
import { forkChannel, type LaunchedHost } from './channel.ts';
import { pluginEnvironment } from './environment.ts';

/** How a process for plugins of one language is started; it speaks the messages of contract/host.ts over its channel. */
export interface HostLauncher {
  readonly memoryLimitMb: number;
  launch(): LaunchedHost;
}

export interface NodeLauncherOptions {
  /** The bundled `node-host.cjs`. */
  readonly script: string;
  /** The runtime's own environment, of which the plugin sees an allow-list. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Old-space limit; the same number bounds the process's resident memory (host-process.ts). */
  readonly memoryLimitMb: number;
}

/** Starts Node processes for TypeScript and JavaScript plugins. */
export function createNodeLauncher({
  script,
  environment,
  memoryLimitMb,
}: NodeLauncherOptions): HostLauncher {
  const env = pluginEnvironment(environment);
  if (process.versions.electron !== undefined) env.ELECTRON_RUN_AS_NODE = '1';
  return {
    memoryLimitMb,
    launch: () => {
      const child = fork(script, [], {
        env,
        // Replaces what would be inherited: an inspector port, a test runner's loader.
        execArgv: [`--max-old-space-size=${memoryLimitMb}`],
        serialization: 'json',
        // A process group of its own, so that what a plugin starts dies with it.
        detached: true,
        // Standard error is read for the words of an engine that aborts; a plugin's own output goes through messages.
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      return { child, channel: forkChannel(child) };
    },
  };
}
