import { join } from 'node:path';
import { hasErrorCode } from '../system/errors.ts';
import { describeReadError, FileTooLargeError, readBoundedFile } from '../system/read-file.ts';
import { type EntitlementsConfig, parseEntitlements } from './schema.ts';

export const ENTITLEMENTS_FILE = 'entitlements.yaml';

/** A plan is some lines; anything near this size is a mistake. */
const MAX_BYTES = 64 * 1024;

export type PluginFile =
  | { readonly kind: 'none' }
  /** Nothing is enforced then, as in production. */
  | {
      readonly kind: 'invalid';
      readonly problems: readonly string[];
      /** Only a limit of this runtime makes it invalid: production reads it. */
      readonly isOverLimit: boolean;
    }
  | { readonly kind: 'valid'; readonly config: EntitlementsConfig };

/** Reads a plugin's `entitlements.yaml`. */
export type PluginFileReader = (pluginsFolder: string, plugin: string) => Promise<PluginFile>;

/**
 * Reads for each call, so that a change counts at once. Parsing takes up to a second, so a text that was a plugin's
 * last is not parsed again; the text is compared, since a file's time and size can stay while it changes.
 */
export function createPluginFileReader(): PluginFileReader {
  const last = new Map<string, { readonly text: string; readonly file: PluginFile }>();
  return async (pluginsFolder, plugin) => {
    const path = join(pluginsFolder, plugin, ENTITLEMENTS_FILE);
    try {
      const text = (await readBoundedFile(path, { maxBytes: MAX_BYTES })).toString('utf8');
      const known = last.get(plugin);
      if (known?.text === text) return known.file;
      const file = parseFile(text);
      last.set(plugin, { text, file });
      return file;
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return { kind: 'none' };
      const problems = [`it can't be read: ${describeReadError(error)}`];
      return { kind: 'invalid', problems, isOverLimit: error instanceof FileTooLargeError };
    }
  };
}

function parseFile(text: string): PluginFile {
  const parsed = parseEntitlements(text);
  if (parsed.ok) return { kind: 'valid', config: parsed.config };
  const { problems, isOverLimit } = parsed;
  return { kind: 'invalid', problems, isOverLimit };
}
