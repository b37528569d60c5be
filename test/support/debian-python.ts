import { spawnSync } from 'node:child_process';

/** Debian's own interpreter, whose libraries apt installs (test/runner/tools.mjs). */
export const DEBIAN_PYTHON = '/usr/bin/python3';

/** Why tests that need these modules are skipped, with the remedy; null where the modules are there. */
export function whyWithout(modules: readonly string[], packages: readonly string[]): string | null {
  const { status } = spawnSync(DEBIAN_PYTHON, ['-c', `import ${modules.join(', ')}`]);
  if (status === 0) return null;
  return `skipped: ${DEBIAN_PYTHON} lacks ${modules.join(', ')}; on Debian: apt-get install ${packages.join(' ')}`;
}

/** The title of what is skipped says why. */
export function skippable(title: string, reason: string | null): string {
  return reason === null ? title : `${title} (${reason})`;
}
