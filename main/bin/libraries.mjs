/**
 * Step 3: the shared libraries that Electron links against (Linux), and the Debian packages that contain
 * them.
 */
import { ensurePackages, installRemedy } from './debian.mjs';
import { runCommand } from './run-command.mjs';

/** What Electron needs in addition to what ldd shows: it opens some libraries by name at run time. */
const ELECTRON_PACKAGES = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libatk-bridge2.0-0',
  'libcups2',
  'libdrm2',
  'libxkbcommon0',
];

/**
 * Installs the libraries that the binary lacks, or explains how.
 * @throws {SetupProblem} when some are still missing
 */
export async function ensureLibraries(binary) {
  const missing = await missingLibraries(binary);
  if (missing.length === 0) return;
  await ensurePackages(ELECTRON_PACKAGES, `Electron lacks shared libraries (${summary(missing)})`);
}

/** How the missing ones are installed here. */
export function librariesRemedy() {
  return installRemedy(ELECTRON_PACKAGES);
}

/**
 * @returns {Promise<string[]>} names such as libgtk-3.so.0; none where ldd can't tell (not Linux, no ldd,
 * static)
 */
export async function missingLibraries(binary) {
  if (process.platform !== 'linux') return [];
  const { stdout } = await runCommand('ldd', [binary], { timeoutMs: 30_000 });
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
}

function summary(names) {
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}
