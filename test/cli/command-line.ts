import { pathToFileURL } from 'node:url';
import { runCommandLine } from '../../main/cli/program.ts';
import type { ConfigSources } from '../../main/config/types.ts';
import { hostScripts } from '../support/host-script.ts';

export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandLineOptions {
  readonly env?: ConfigSources['env'];
  readonly cwd: string;
  /** What is on standard input. */
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Called with all that was written so far. */
  readonly onOut?: (text: string) => void;
  readonly isOutInteractive?: boolean;
  /** stderr is a terminal, where progress is drawn. */
  readonly isInteractive?: boolean;
}

/** Runs one command line in this process, over a user's folder and a working directory of the test's own. */
export async function commandLine(
  argv: readonly string[],
  {
    env = {},
    cwd,
    stdin = '',
    signal = new AbortController().signal,
    onOut,
    isOutInteractive = false,
    isInteractive = false,
  }: CommandLineOptions,
): Promise<Printed> {
  const written = { out: '', err: '' };
  const code = await runCommandLine(argv, {
    terminal: {
      out: (text) => {
        written.out += text;
        onOut?.(written.out);
      },
      err: (text) => (written.err += text),
      isInteractive,
      isOutInteractive,
    },
    sources: { env, argv: [], cwd, configPath: `${cwd}/user` },
    stdin: async function* () {
      yield stdin;
    },
    // As if it stood beside what is built for the tests.
    entry: pathToFileURL(hostScripts.node).href,
    signal,
  });
  return { code, ...written };
}
