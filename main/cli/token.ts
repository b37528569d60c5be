import { InvalidArgumentError, Option } from 'commander';
import type { Json, JsonObject } from '../contract/http.ts';
import { PERSONAS } from '../contract/run.ts';
import type { TokenReport } from '../contract/token.ts';
import type { AddCommand, CommandContext, CommandResult } from './command.ts';
import { EXIT } from './exit-code.ts';
import { readJsonObject, readToken } from './input-values.ts';
import type { SignedPersona } from './token-tools.ts';

/** `token`: creates a token that the runtime accepts, or inspects one. */

const SIGNED = PERSONAS.filter((id) => id !== 'anonymous' && id !== 'custom');

interface TokenOptions {
  readonly as: SignedPersona;
  readonly claims?: string;
  /** Seconds. */
  readonly expiresIn?: number;
  readonly inspect?: string;
}

const DESCRIPTION = [
  'Prints a bearer token that a runtime with these settings accepts, signed with JWT_SECRET (default: a stored secret per user)',
  'or by the development issuer. Only the token goes to stdout.',
  '\n\nWith --inspect it inspects a token instead: its claims, each check with its verdict and remedy, and the resulting _context.',
].join(' ');

const MORE = `
--claims override those of the persona; null removes a claim. Invalid claims are signed too, so that refusals can be tried.

Examples:
  curl -s http://127.0.0.1:8080/api/execute/whoami -H "Authorization: Bearer $(mozaiks-workbench token --as admin)" -d '{}'
  mozaiks-workbench token --claims '{"sub":"ada","roles":["editor"]}' --expires-in 5m
  mozaiks-workbench token --claims '{"exp":null}' --json
  mozaiks-workbench token --inspect @token.txt

With --json: {"token","algorithm"} and {"claims","verified","refusal","context","steps"}; with --inspect without the first two.

Environment: JWT_SECRET, JWT_ALGORITHM, MOZAIKS_AUTH_MODE, MOZAIKS_DEV_ISSUER, MOZAIKS_JWKS_URL, MOZAIKS_ISSUER, MOZAIKS_AUDIENCE and the
claim names; "mozaiks-workbench serve --help" explains them.
Exit code 0: the token was created, even if the runtime refuses it; with --inspect a refused token is 1; 3: no key to sign with,
as in external mode with a provider of your own.`;

export const addToken: AddCommand = (program, run) => {
  program
    .command('token')
    .summary('create a token, or inspect one')
    .description(DESCRIPTION)
    .addOption(
      new Option('-a, --as <persona>', 'the persona whose claims it has').choices(SIGNED).default('user'),
    )
    .option('-c, --claims <json>', 'claims to set: a JSON object, @file, or - for the standard input')
    .addOption(
      new Option(
        '--expires-in <time>',
        'how long it is valid: 90s, 15m, 2h, 7d; -1h: already expired',
      ).argParser(seconds),
    )
    .addOption(
      new Option('--inspect <token>', 'inspect this token: itself, @file, or env:NAME').conflicts([
        'claims',
        'expiresIn',
      ]),
    )
    .addHelpText('after', MORE)
    .action(run(token));
};

async function token(context: CommandContext, options: TokenOptions): Promise<CommandResult> {
  const { openTokens } = await import('./token-tools.ts');
  const { mint, preview, inspect } = await openTokens(context);
  if (options.inspect !== undefined) {
    const report = await inspect(await readToken(options.inspect, context));
    return {
      code: report.verified ? EXIT.ok : EXIT.failed,
      value: toJsonReport(report),
      text: formatInspection(report),
    };
  }
  const changes = options.claims === undefined ? {} : await readClaims(options.claims, context);
  const made = await mint(options.as, { ...changes, ...createExpiry(options.expiresIn) });
  return {
    code: EXIT.ok,
    value: { token: made.token, algorithm: made.algorithm, ...toJsonReport(await preview(made.claims)) },
    text: `${made.token}\n`,
  };
}

async function readClaims(given: string, context: CommandContext): Promise<JsonObject> {
  return JSON.parse(await readJsonObject('--claims', given, context)) as JsonObject;
}

function createExpiry(expiresIn: number | undefined): Readonly<Record<string, Json>> {
  return expiresIn === undefined ? {} : { exp: Math.floor(Date.now() / 1000) + expiresIn };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function seconds(text: string): number {
  const [, sign = '', amount = '', unit = ''] = /^(-?)(\d{1,9})([smhd])$/.exec(text) ?? [];
  const size = UNIT_SECONDS[unit];
  if (size === undefined) throw new InvalidArgumentError('Give a number with a unit: 90s, 15m, 2h or 7d.');
  return Number(`${sign}${amount}`) * size;
}

function toJsonReport({ claims, verified, refusal, context, steps }: TokenReport): object {
  return { claims, verified, refusal, context, steps };
}

const MARKS = { passed: 'ok', failed: 'no', skipped: '--' } as const;

function formatInspection({
  header,
  claims,
  decodeError,
  steps,
  refusal,
  context,
  provenance,
}: TokenReport): string {
  const checks = steps.flatMap(({ check, verdict, detail, remedy }) => [
    `  ${MARKS[verdict]}  ${check}: ${detail}`,
    ...(remedy === undefined ? [] : [`      ${remedy.text}`]),
  ]);
  const parts = [
    ...(header === null ? [] : [`header   ${JSON.stringify(header)}`]),
    ...(claims === null ? [] : [`claims   ${JSON.stringify(claims)}`]),
    ...(decodeError === null ? [] : [`Can't be decoded: ${decodeError}`]),
    ...checks,
    ...(refusal === null
      ? [`accepted; the plugin receives _context ${JSON.stringify(context)}`]
      : [`refused with 401: ${refusal}`]),
    ...(refusal === null ? provenance.map(({ field, label }) => `  ${field} ← ${label}`) : []),
  ];
  return `${parts.join('\n')}\n`;
}
