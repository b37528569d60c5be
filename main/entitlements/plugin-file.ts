import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, hasErrorCode } from '../system/errors.ts';
import { type EntitlementsConfig, parseEntitlements } from './schema.ts';

export const ENTITLEMENTS_FILE = 'entitlements.yaml';

export type PluginFile =
  | { readonly kind: 'none' }
  /** Nothing is enforced then, as in production. */
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'valid'; readonly config: EntitlementsConfig };

/** A plugin's `entitlements.yaml`, read for each call: a change counts at once. */
export async function loadPluginFile(pluginsFolder: string, plugin: string): Promise<PluginFile> {
  try {
    const text = await readFile(join(pluginsFolder, plugin, ENTITLEMENTS_FILE), 'utf8');
    const parsed = parseEntitlements(text);
    return parsed.ok
      ? { kind: 'valid', config: parsed.config }
      : { kind: 'invalid', problems: parsed.problems };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return { kind: 'none' };
    return { kind: 'invalid', problems: [errorMessage(error)] };
  }
}
