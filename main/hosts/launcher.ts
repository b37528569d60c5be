import { fork } from 'node:child_process';
import { forkChannel, type LaunchedHost } from './channel.ts';
import { pluginEnvironment } from './environment.ts';

/**
 * Starts processes for plugins of one language, which exchange the messages of contract/host.ts over their
 * channel.
 */
export interface HostLauncher {
  readonly memoryLimitMb: number;
  launch(): LaunchedHost;
}

interface NodeLauncherOptions {
  /** The bundled `node-host.cjs`. */
  readonly script: string;
  /** The runtime's own environment; plugins see an allow-list of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What plugins get beside it. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Limits V8's old space and the process's resident memory (memory.ts). */
  readonly memoryLimitMb: number;
}

/** Starts Node processes for TypeScript and JavaScript plugins. */
export function createNodeLauncher({
  script,
  environment,
  variables,
  memoryLimitMb,
}: NodeLauncherOptions): HostLauncher {
  const env = pluginEnvironment(environment, variables);
  if (process.versions.electron !== undefined) env.ELECTRON_RUN_AS_NODE = '1';
  return {
    memoryLimitMb,
    launch: () => {
      const child = fork(script, [], {
        env,
        // Replaces what would be inherited, such as an inspector port or a test runner's loader.
        execArgv: [`--max-old-space-size=${memoryLimitMb}`],
        serialization: 'json',
        // A process group of its own, so that what a plugin starts dies with it.
        detached: true,
        // Standard error is read for what an engine that aborts writes; a plugin's output arrives as
        // messages.
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      return { child, channel: forkChannel(child) };
    },
  };
}
