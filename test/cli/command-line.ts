import { pathToFileURL } from 'node:url';
import { runCommandLine } from '../../main/cli/program.ts';
import { createTerminal } from '../../main/cli/terminal.ts';
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
  /** Called before something secret is written to stdout. */
  readonly onSecret?: () => void;
  readonly isOutInteractive?: boolean;
  /** stderr is a terminal, where progress is drawn. */
  readonly isInteractive?: boolean;
  /** The file that runs, beside the product's own; default: as if it stood beside what is built for the tests. */
  readonly entry?: string;
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
    onSecret = () => undefined,
    isOutInteractive = false,
    isInteractive = false,
    entry = hostScripts.node,
  }: CommandLineOptions,
): Promise<Printed> {
  const written = { out: '', err: '' };
  const code = await runCommandLine(argv, {
    terminal: createTerminal({
      writeOut: (text) => {
        written.out += text;
        onOut?.(written.out);
      },
      writeErr: (text) => {
        written.err += text;
      },
      restrictOut: onSecret,
      isErrInteractive: isInteractive,
      isOutInteractive,
    }),
    sources: { env, argv: [], cwd, configPath: `${cwd}/user` },
    stdin: async function* () {
      yield stdin;
    },
    entry: pathToFileURL(entry).href,
    signal,
  });
  return { code, ...written };
}
