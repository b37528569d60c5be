import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { HostLauncher } from '../launcher.ts';
import { lineChannel } from './channel.ts';
import type { PythonInterpreter } from './interpreter.ts';

interface PythonLauncherOptions {
  /** `python_host.py`, its siblings beside it. */
  readonly script: string;
  readonly interpreter: PythonInterpreter;
  /** Limits the process's resident memory (memory.ts). */
  readonly memoryLimitMb: number;
}

/** Starts Python processes for `logic.py` plugins. */
export function createPythonLauncher(options: PythonLauncherOptions): HostLauncher {
  const { script, interpreter, memoryLimitMb } = options;
  return {
    memoryLimitMb,
    launch: () => {
      // -B: no compiled files beside what a plugin imports, or beside this host. UTF-8 whatever the locale
      // is, as in production.
      const child = spawn(interpreter.command, ['-B', '-X', 'utf8', script], {
        env: { ...interpreter.environment },
        // A process group of its own, so that what a plugin starts dies with it.
        detached: true,
        windowsHide: true,
        // The fourth is the channel, both ways; standard error is read for what an interpreter writes when it
        // fails.
        stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      });
      return { child, channel: lineChannel(child.stdio[3] as Duplex) };
    },
  };
}
