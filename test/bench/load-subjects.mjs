import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron } from 'playwright-core';
import { projectRoot } from '../../main/bin/project.mjs';
import { endToEndEnvironment } from '../runner/environment.mjs';
import { tryTestTools } from '../runner/tools.mjs';
import { LOAD_PLUGINS, LOAD_SECRET } from './load-requests.mjs';
import { descendants, startServer } from './server-process.mjs';

/**
 * @typedef {object} LoadSubject
 * @property {string} url                                      of the runtime
 * @property {() => Promise<{name: string, pid: number}[]>} processes  worth a reading
 * @property {() => Promise<void>} stop
 */

/** The headless shell with nobody looking. @returns {Promise<LoadSubject>} */
export async function startHeadless() {
  const folder = makeFolder();
  const server = await startServer(
    join(projectRoot, 'out/main/cli.cjs'),
    ['serve', '--port', '0', '--plugins', join(folder, 'plugins')],
    { env: environment(folder) },
  );
  return {
    url: server.url,
    processes: async () => [
      { name: 'runtime', pid: server.pid },
      ...(descendants(server.pid) ?? []).map((pid, index) => ({ name: `plugin ${index + 1}`, pid })),
    ],
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The built product in its window, on the Traces screen.
 * @returns {Promise<LoadSubject & {page: import('playwright-core').Page, app:
 * import('playwright-core').ElectronApplication}>}
 */
export async function startWindow() {
  const { problem, env, stop: stopDisplay } = await endToEndEnvironment(await tryTestTools());
  if (problem !== null) throw new Error(`The window can't be opened: ${problem}`);
  const folder = makeFolder();
  const app = await electron.launch({
    executablePath: env.WORKBENCH_ELECTRON,
    args: [
      projectRoot,
      ...env.WORKBENCH_ELECTRON_FLAGS.split(' ').filter((flag) => flag !== ''),
      `--user-data-dir=${folder}/profile`,
      ...['--', '--port', '0', '--plugins', join(folder, 'plugins')],
    ],
    env: { ...environment(folder), DISPLAY: env.DISPLAY, DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
    timeout: 60_000,
  });
  const page = await app.firstWindow({ timeout: 60_000 });
  const snapshot = await page.evaluate(() => window.workbench.call('snapshot', null));
  await page.evaluate(() => {
    location.hash = '#/traces';
  });
  await page.getByRole('heading', { name: 'Traces' }).waitFor();
  return {
    app,
    page,
    url: snapshot.value.baseUrl,
    processes: () => windowProcesses(app, page),
    async stop() {
      await app.close();
      stopDisplay();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function windowProcesses(app, page) {
  const own = await app.evaluate(({ app: electronApp }) =>
    electronApp.getAppMetrics().map(({ type, pid }) => ({ type, pid })),
  );
  const names = { Browser: 'main', Tab: 'renderer', GPU: 'display' };
  const { value } = await page.evaluate(() => window.workbench.call('snapshot', null));
  const plugins = value.plugins.filter(({ pid }) => pid !== null);
  return [
    ...own.flatMap(({ type, pid }) => (names[type] === undefined ? [] : [{ name: names[type], pid }])),
    ...plugins.map(({ name, pid }) => ({ name: `plugin ${name}`, pid })),
  ];
}

function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-load-'));
  for (const name of LOAD_PLUGINS) {
    cpSync(join(projectRoot, 'plugins', name), join(folder, 'plugins', name), { recursive: true });
  }
  return folder;
}

/** Nothing of this machine's own settings, and a secret that the load's tokens are signed with. */
function environment(folder) {
  const { PATH, LANG, TMPDIR, XAUTHORITY } = process.env;
  return Object.fromEntries(
    Object.entries({
      PATH,
      LANG,
      TMPDIR,
      XAUTHORITY,
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
      JWT_SECRET: LOAD_SECRET,
    }).filter(([, value]) => value !== undefined),
  );
}
