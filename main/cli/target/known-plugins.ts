import { authorizationHeader, ROUTES } from '../../contract/http.ts';
import { httpCall } from '../../system/http-call.ts';
import { nearNames } from '../../system/near-names.ts';
import type { CallTarget } from './call-target.ts';
import { parseBody } from './plugin-call.ts';

/** Why a plugin was not found. */

const LIST_TIMEOUT_MS = 5_000;
const MAX_LISTED = 8;

interface Known {
  readonly name: string;
  readonly enabled: boolean;
}

/** The names that were probably meant, or those that are available. */
export async function describeMissingPlugin(
  target: CallTarget,
  plugin: string,
  token: string | null,
): Promise<string> {
  const folder = target.started?.engine.folder();
  if (folder?.state === 'missing') return `the folder ${folder.path} does not exist`;
  const known = target.started === null ? await fetchListed(target, token) : await inFolder(target.started);
  if (known === null) return `plugin '${plugin}' not found`;
  if (known.some(({ name, enabled }) => name === plugin && !enabled)) return `'${plugin}' is disabled`;
  const names = known.map(({ name }) => name);
  const near = nearNames(plugin, names);
  if (near.length > 0) return `plugin '${plugin}' not found; did you mean ${near.join(' or ')}?`;
  if (names.length === 0) return `plugin '${plugin}' not found; there are no plugins`;
  const more = names.length > MAX_LISTED ? ', …' : '';
  return `plugin '${plugin}' not found; available: ${names.slice(0, MAX_LISTED).join(', ')}${more}`;
}

/** Only the called plugin was loaded: this finds the others. */
async function inFolder({ engine, config }: NonNullable<CallTarget['started']>): Promise<readonly Known[]> {
  const { candidateNames, discover } = await import('../../plugins/version/discover.ts');
  const found = await Promise.all(
    (await candidateNames(config.pluginsPath)).map((name) => discover(config.pluginsPath, name)),
  );
  return found.flatMap((discovery) => {
    if (discovery.kind !== 'plugin') return [];
    const { name } = discovery.plugin;
    return [{ name, enabled: engine.get(name)?.enabled ?? true }];
  });
}

/** Null when the runtime does not list its plugins. */
async function fetchListed({ baseUrl }: CallTarget, token: string | null): Promise<readonly Known[] | null> {
  try {
    const { body } = await httpCall({
      method: 'GET',
      url: `${baseUrl}${ROUTES.plugins}`,
      body: null,
      timeoutMs: LIST_TIMEOUT_MS,
      headers: authorizationHeader(token),
    });
    const value = parseBody(body);
    if (typeof value !== 'object' || value === null || !('plugins' in value)) return null;
    return Array.isArray(value.plugins) ? value.plugins.filter(isKnown) : null;
  } catch {
    return null; // The call itself was answered: a missing list is not worth an error.
  }
}

function isKnown(value: unknown): value is Known {
  if (typeof value !== 'object' || value === null) return false;
  return 'name' in value && typeof value.name === 'string' && 'enabled' in value;
}
