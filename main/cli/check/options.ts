import { InvalidArgumentError, Option } from 'commander';
import { CLAUSES } from '../../conformance/clauses/clauses.ts';
import type { OutcomeRules } from '../../conformance/reports/outcome-rules.ts';
import { PROBE_LANGUAGES, type ProbeLanguage } from '../../contract/conformance.ts';
import { parseLanguage } from '../../contract/plugin-view.ts';
import { nearNames } from '../../system/near-names.ts';
import { timeoutOption, tokenOption } from '../options.ts';

/** The options of `check`, as commander parsed them. */
export interface CheckOptions {
  readonly token?: string;
  readonly secret?: string;
  readonly issuer?: true;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly maxBodyBytes?: number;
  readonly origin?: string;
  readonly disruptive?: true;
  readonly probe: ProbeLanguage;
  readonly clause?: readonly string[];
  readonly quick?: true;
  readonly strict?: true;
  readonly mustsOnly?: true;
  /** False with --no-skips. */
  readonly skips: boolean;
  readonly expectedFailures?: string;
  readonly writeExpectedFailures?: string;
  readonly report?: readonly string[];
  readonly verbose?: true;
  readonly saveProbe?: string;
  readonly list?: true;
  readonly reportSchema?: true;
}

/** The one clause that takes as long as the contract's default timeout. */
const SLOW = 'timeout.default';

/** In the order of the help. */
export const CHECK_OPTIONS: readonly Option[] = [
  tokenOption('call another runtime with this bearer token: itself, @file, or env:NAME').conflicts([
    'secret',
    'issuer',
  ]),
  new Option(
    '--secret <secret>',
    'sign tokens with the JWT_SECRET of a runtime in local mode: @file, env:NAME, or itself',
  ).conflicts('issuer'),
  new Option(
    '--issuer',
    'sign tokens as the development issuer and serve its keys meanwhile: for a runtime in external mode that trusts it',
  ),
  timeoutOption('its MOZAIKS_PLUGIN_TIMEOUT_SECONDS (default: what its probe plugin sees, else 30)'),
  new Option('--max-body-bytes <bytes>', 'its MAX_REQUEST_BODY_BYTES (default: 1000000)').argParser(bytes),
  new Option('--origin <origin>', 'an origin that its CORS settings allow (default: http://localhost:5173)'),
  new Option(
    '--disruptive',
    'also send calls that may harm a runtime that does not isolate its plugins: they block a thread and end a process',
  ),
  new Option('--probe <language>', 'the language of the probe plugin: js or py')
    .argParser(probeLanguage)
    .default('javascript', 'js'),
  new Option('-c, --clause <id>', 'check only this clause; may be repeated (ids: --list)').argParser(clause),
  new Option('--quick', `omit ${SLOW}, which waits 30 seconds`).conflicts('clause'),
  new Option('--strict', 'clauses that differ as another public implementation does fail the run too'),
  new Option('--musts-only', 'report failed shoulds without failing the run'),
  new Option('--no-skips', 'skipped clauses fail the run too'),
  new Option(
    '-e, --expected-failures <file>',
    'clauses known to fail, one id per line: a new failure fails the run, and so does a listed clause that passes',
  ),
  new Option('--write-expected-failures <file>', 'write that file from the current failures'),
  new Option(
    '-r, --report <file>',
    'write a report in the format of its extension: .md, .xml (JUnit), .json or .html; may be repeated',
  ).argParser(collect),
  new Option('-v, --verbose', 'list every clause, including those that passed'),
  new Option('--save-probe <dir>', "write the probe plugin into this plugins' folder, and check nothing"),
  new Option('--list', 'list the clauses, and check nothing'),
  new Option('--report-schema', 'print the JSON Schema of the JSON report, and check nothing'),
];

/** How clauses count by the options, without a baseline. */
export function resolveRules({ strict, mustsOnly, skips }: CheckOptions): OutcomeRules {
  return { strict: strict === true, mustsOnly: mustsOnly === true, noSkips: !skips };
}

/** The clauses to check; undefined: all. */
export function selectClauses({ clause: ids, quick }: CheckOptions): readonly string[] | undefined {
  if (ids !== undefined) return ids;
  return quick === true ? CLAUSES.flatMap(({ id }) => (id === SLOW ? [] : [id])) : undefined;
}

function bytes(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number > 0 && number <= 100_000_000) return number;
  throw new InvalidArgumentError('Give a whole number of bytes, more than 0 and at most 100000000.');
}

function probeLanguage(text: string): ProbeLanguage {
  const named = parseLanguage(text);
  const language = PROBE_LANGUAGES.find((known) => known === named);
  if (language === undefined) throw new InvalidArgumentError('Give js or py.');
  return language;
}

function clause(id: string, before: readonly string[] = []): readonly string[] {
  const ids = CLAUSES.map((known) => known.id);
  if (ids.some((known) => known === id)) return [...before, id];
  const near = nearNames(id, ids);
  const hint = near.length === 0 ? 'See --list.' : `Did you mean ${near.join(' or ')}?`;
  throw new InvalidArgumentError(`The contract has no clause '${id}'. ${hint}`);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
