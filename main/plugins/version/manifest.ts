import { join } from 'node:path';
import { errorMessage, hasErrorCode } from '../../system/errors.ts';
import { describeReadError, readBoundedFile } from '../../system/read-file.ts';

/** `manifest.json` with its defaults filled in as production does (CONTRACT.md §4). */
export interface Manifest {
  readonly displayName: string;
  readonly description: string;
  readonly version: string;
  readonly enabled: boolean;
  /** What is wrong with the file; the defaults replace what can't be read. */
  readonly problem: string | null;
}

/** A manifest is a few lines; anything near this size is a mistake. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads a plugin's manifest. Never rejects: a bad file is a problem to show, not a reason to lose the plugin.
 */
export async function loadManifest(folder: string, name: string): Promise<Manifest> {
  const path = join(folder, 'manifest.json');
  try {
    const content = await readBoundedFile(path, { maxBytes: MAX_BYTES });
    return parseManifest(content.toString('utf8'), name);
  } catch (error) {
    const isMissing = hasErrorCode(error, 'ENOENT');
    const problem = isMissing ? null : `manifest.json can't be read: ${describeReadError(error)}`;
    return resolveManifest({}, name, problem);
  }
}

/** Pure. */
export function parseManifest(text: string, name: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return resolveManifest({}, name, `manifest.json is not valid JSON: ${errorMessage(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return resolveManifest({}, name, 'manifest.json must contain a JSON object');
  }
  return resolveManifest(value as Record<string, unknown>, name, null);
}

function resolveManifest(value: Record<string, unknown>, name: string, problem: string | null): Manifest {
  const problems = problem === null ? [] : [problem];
  const take = <T>(key: string, kind: string, fallback: T): T => {
    const found = Object.hasOwn(value, key) ? value[key] : undefined;
    if (found === undefined || found === null) return fallback;
    if (typeof found === kind) return found as T;
    problems.push(`manifest.json: "${key}" must be a ${kind}, not ${describeValue(found)}`);
    return fallback;
  };
  return {
    displayName: take('display_name', 'string', titleCase(name)),
    description: take('description', 'string', `Plugin for ${name}`),
    version: take('version', 'string', '1.0.0'),
    enabled: take('enabled', 'boolean', true),
    problem: problems.length === 0 ? null : problems.join('; '),
  };
}

/** Not what is in a list or an object: writing JSON goes less deep than reading it. */
function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : JSON.stringify(value).slice(0, 40);
}

/** Like Python's `name.replace("_", " ").title()`: a capital after everything that is not a letter. */
function titleCase(name: string): string {
  return name
    .replaceAll('_', ' ')
    .toLowerCase()
    .replace(/(^|[^a-z])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
