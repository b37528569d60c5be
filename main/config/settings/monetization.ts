import { dirname, join, resolve } from 'node:path';
import type { Reader, Variable } from '../reader.ts';
import type { Config } from '../types.ts';
import { path, text } from '../values.ts';

/** Variables of plans and entitlements (CONTRACT.md §4, §5). */

export type MonetizationSettings = Pick<Config, 'monetization' | 'configsPath' | 'internalApiKey'>;

/** Any value is accepted, since production takes all but "1" as off. */
const MONETIZATION: Variable<string> = {
  name: 'MONETIZATION',
  description: 'Whether plans restrict users: 1 is on, anything else off.',
  parse: text,
  fallback: '0',
  fallbackText: '0',
};

const INTERNAL_API_KEY: Variable<string | null> = {
  name: 'INTERNAL_API_KEY',
  description: 'What the subscription sync route asks for; unset, that route is closed.',
  parse: text,
  fallback: null,
  fallbackText: null,
  secret: true,
};

export function resolveMonetization(
  reader: Reader,
  { pluginsPath, cwd }: { readonly pluginsPath: string; readonly cwd: string },
): MonetizationSettings {
  const value = reader.read(MONETIZATION);
  if (/^(true|yes|on)$/i.test(value)) {
    reader.notice(`MONETIZATION=${value} leaves monetization off, as in production: only 1 turns it on.`);
  }
  const beside = join(dirname(pluginsPath), 'config');
  const configsPath = reader.read<string>({
    name: 'MOZAIKS_CONFIGS_PATH',
    description: 'The folder of subscription_config.json.',
    parse: path,
    fallback: beside,
    fallbackText: beside,
  });
  return {
    monetization: { isOn: value === '1', origin: reader.originOf('MONETIZATION') },
    configsPath: resolve(cwd, configsPath),
    internalApiKey: reader.read(INTERNAL_API_KEY),
  };
}
