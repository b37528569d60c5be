import { runCommandLine } from '../../main/cli/program.ts';
import type { ConfigSources } from '../../main/config.ts';

export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process, over a user's folder and a working directory of the test's own. */
export async function commandLine(
  argv: readonly string[],
  { env = {}, cwd }: { readonly env?: ConfigSources['env']; readonly cwd: string },
): Promise<Printed> {
  const written = { out: '', err: '' };
  const code = await runCommandLine(argv, {
    terminal: {
      out: (text) => (written.out += text),
      err: (text) => (written.err += text),
      isInteractive: false,
    },
    sources: { env, argv: [], cwd, configPath: `${cwd}/user` },
    entry: import.meta.url,
    signal: new AbortController().signal,
  });
  return { code, ...written };
}
