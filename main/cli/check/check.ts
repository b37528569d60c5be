import type { Command } from 'commander';
import { CLAUSES } from '../../conformance/clauses/clauses.ts';
import { CONTRACT_VERSION } from '../../contract/http.ts';
import { type AddCommand, type CommandContext, type CommandResult, UsageError } from '../command.ts';
import { SETTINGS_NOTE } from '../settings-help.ts';
import { CHECK_OPTIONS, type CheckOptions } from './options.ts';

/** `check [url]`: checks a runtime against the contract, clause by clause, with evidence. */

const DESCRIPTION = [
  `Checks a runtime against the ${CLAUSES.length} clauses of the Runtime ↔ Platform Contract v${CONTRACT_VERSION}, over HTTP, on evidence.`,
  'Prints the counts, then each clause that did not pass with what was expected and observed.',
  "What can't be checked is skipped with the reason, never passed.",
  '\n\nWithout an address it checks this product: it starts a runtime with the current settings, on a free port, over a folder',
  'with nothing but the probe plugin, and stops it afterwards.',
].join(' ');

const MORE = `
Another runtime is called with --token, or with tokens signed here: --secret in local mode, --issuer in external mode
(start the runtime with the MOZAIKS_ISSUER, MOZAIKS_JWKS_URL and MOZAIKS_AUDIENCE that "mozaiks-workbench serve --dev-issuer" uses).
Clauses about tokens that must be refused need --secret or --issuer. Other users of the machine see secrets typed on a command line:
prefer @file or env:NAME.

What a plugin receives, and timeouts, are checked with the plugin contract-probe: --save-probe writes it for the other runtime,
in the language of --probe. Without it those clauses are skipped.

Examples:
  mozaiks-workbench check
  mozaiks-workbench check http://127.0.0.1:8080 --secret env:JWT_SECRET --report report.html --report junit.xml
  mozaiks-workbench check https://runtime.example --token @token.txt --expected-failures known.txt
  mozaiks-workbench check http://127.0.0.1:8000 --write-expected-failures known.txt
  mozaiks-workbench check --save-probe ../runtime/plugins --probe py

With --json: the JSON report; its schema is printed by --report-schema.

${SETTINGS_NOTE}
Exit code 0: no clause failed (one that differs as another public implementation does counts only with --strict); 1: a clause
failed, or the baseline is not met; 3: nothing answers at the address; also Ctrl+C.`;

export const addCheck: AddCommand = (program, run) => {
  const command = program
    .command('check')
    .summary('check a runtime against the contract, clause by clause')
    .description(DESCRIPTION)
    .argument('[url]', 'the runtime to check, such as http://127.0.0.1:8080');
  for (const option of CHECK_OPTIONS) command.addOption(option);
  command.addHelpText('after', MORE).action(run(check));
};

async function check(
  context: CommandContext,
  url: string | undefined,
  options: CheckOptions,
  command: Command,
): Promise<CommandResult> {
  assertFits(url, options, command);
  const { runCheck } = await import('./run.ts');
  return runCheck(context, url, options);
}

/** Options about another runtime, which are invalid for one that is started here. */
const OF_ANOTHER = ['secret', 'issuer', 'timeout', 'maxBodyBytes', 'origin', 'disruptive'] as const;

function assertFits(url: string | undefined, options: CheckOptions, command: Command): void {
  const isProbeGiven = command.getOptionValueSource('probe') === 'cli';
  const ownOption = isProbeGiven ? 'probe' : undefined;
  const wrong = url === undefined ? OF_ANOTHER.find((name) => options[name] !== undefined) : ownOption;
  if (wrong === undefined) return;
  const flag = `--${wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError(
    url === undefined
      ? `${flag} is about another runtime: give its address, or omit ${flag}`
      : `${flag} is about a runtime that is started here: omit the address or ${flag}`,
  );
}
