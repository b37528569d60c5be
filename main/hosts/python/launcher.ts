import type { Readable, Writable } from 'node:stream';
import type { ChildSpanMode } from '../../contract/child-span.ts';
import { lineChannel } from '../channel.ts';
import { type HostLauncher, spawnHost } from '../launcher.ts';
import { MARK_VARIABLE } from '../orphans.ts';
import type { PythonInterpreter } from './interpreter.ts';

interface PythonLauncherOptions {
  /** `python_host.py`, its siblings beside it. */
  readonly script: string;
  readonly interpreter: PythonInterpreter;
  /** Limits the process's resident memory (memory.ts). */
  readonly memoryLimitMb: number;
  /** Default: off. */
  readonly childSpans?: ChildSpanMode | undefined;
}

/** Starts Python processes for `logic.py` plugins. */
export function createPythonLauncher(options: PythonLauncherOptions): HostLauncher {
  const { script, interpreter, memoryLimitMb, childSpans } = options;
  return {
    memoryLimitMb,
    childSpans,
    launch: (mark) => {
      // -B: no compiled files beside what a plugin imports, or beside this host. UTF-8 whatever the locale
      // is, as in production.
      const child = spawnHost(interpreter.command, ['-B', '-X', 'utf8', script], {
        env: { ...interpreter.environment, [MARK_VARIABLE]: mark },
        // The channel is standard input and output: also the launcher of a virtual environment on Windows
        // passes those on. Standard error is read for what an interpreter writes when it fails.
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const [down, up] = child.stdio;
      return { child, channel: lineChannel(down as Writable, up as Readable) };
    },
  };
}
