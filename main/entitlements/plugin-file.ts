import { join } from 'node:path';
import { hasErrorCode } from '../system/errors.ts';
import { describeReadError, readBoundedFile } from '../system/read-file.ts';
import { type EntitlementsConfig, parseEntitlements } from './schema.ts';

export const ENTITLEMENTS_FILE = 'entitlements.yaml';

/** A plan is some lines; anything near this size is a mistake. It is read and parsed for each call. */
const MAX_BYTES = 64 * 1024;

export type PluginFile =
  | { readonly kind: 'none' }
  /** Nothing is enforced then, as in production. */
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'valid'; readonly config: EntitlementsConfig };

/** A plugin's `entitlements.yaml`, read for each call: a change counts at once. */
export async function loadPluginFile(pluginsFolder: string, plugin: string): Promise<PluginFile> {
  try {
    const path = join(pluginsFolder, plugin, ENTITLEMENTS_FILE);
    const parsed = parseEntitlements((await readBoundedFile(path, { maxBytes: MAX_BYTES })).toString('utf8'));
    return parsed.ok
      ? { kind: 'valid', config: parsed.config }
      : { kind: 'invalid', problems: parsed.problems };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return { kind: 'none' };
    return { kind: 'invalid', problems: [`it can't be read: ${describeReadError(error)}`] };
  }
}
