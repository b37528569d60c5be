import { InvalidArgumentError, Option } from 'commander';
import { parseTiers } from '../contract/persona-subscription.ts';
import { pluginNameProblem } from '../contract/plugin-name.ts';
import { PERSONAS, type PersonaId } from '../contract/run.ts';

/** Options that several commands share: the same name, parser and help everywhere. */

/** A plugin's name as an argument. */
export function pluginName(name: string): string {
  const problem = pluginNameProblem(name);
  if (problem !== null) throw new InvalidArgumentError(problem);
  return name;
}

/** `--plugins <dir>`; `more` is added to its help. */
export function pluginsOption(more = ''): Option {
  return new Option(
    '-p, --plugins <dir>',
    `the plugins' folder (default: MOZAIKS_PLUGINS_PATH, else ./plugins)${more}`,
  );
}

/** `--url <url>` */
export function urlOption(description: string): Option {
  return new Option('-u, --url <url>', description).argParser(baseUrl);
}

const NAMED_PERSONAS = PERSONAS.filter((persona) => persona !== 'custom');

/** `--as <persona>`: every persona except the custom one, which needs its own token. */
export function personaOption(description: string): Option {
  return new Option('-a, --as <persona>', description).choices(NAMED_PERSONAS);
}

export type NamedPersona = Exclude<PersonaId, 'custom'>;

/** `--token <token>`: directly or by reference, see `readToken`. */
export function tokenOption(description = 'the bearer token to send: itself, @file, or env:NAME'): Option {
  return new Option('-t, --token <token>', description).conflicts('as');
}

/** `--plan <name>` */
export function planOption(): Option {
  const description = 'store this plan for the caller first, where MONETIZATION is on';
  return new Option('--plan <name>', description).conflicts('url');
}

/** `--tiers <plugin=tier,…>` */
export function tiersOption(): Option {
  const description = 'store these tiers for the caller first: videos=pro,notes=basic';
  return new Option('--tiers <plugin=tier,...>', description).conflicts('url').argParser((text) => {
    const tiers = parseTiers(text);
    if (tiers === null) throw new InvalidArgumentError('Give plugin=tier, separated by commas.');
    return tiers;
  });
}

/** `--timeout <seconds>`; fractions allowed. The parsed value is in milliseconds. */
export function timeoutOption(description: string): Option {
  return new Option('--timeout <seconds>', description).argParser((text) => {
    const seconds = text.trim() === '' ? Number.NaN : Number(text);
    if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
      throw new InvalidArgumentError(`Give a number of seconds above 0, at most ${MAX_SECONDS}.`);
    }
    return seconds * 1000;
  });
}

/** A day. */
const MAX_SECONDS = 86_400;

/** The address without a trailing slash, so that paths can be appended. */
function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && url.search === '' && url.hash === '' && url.username === '';
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Give an address such as http://127.0.0.1:8080.');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
