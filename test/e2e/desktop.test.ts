import { spawn } from 'node:child_process';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { copyExamples, temporaryFolder, writePlugin } from '../support/folders.ts';
import { openHeadless } from '../support/headless.ts';
import { savePicture } from '../support/page-witness.ts';
import {
  answerQuestions,
  dropFiles,
  launchWorkbench,
  readyAddress,
  workbenchCommand,
} from '../support/workbench-window.ts';
import { goTo } from './journey.ts';

/** What a desktop program is expected to do beside showing its window, in the real one. */

const PATIENCE = { timeout: 30_000 };

interface Item {
  readonly label: string;
  readonly accelerator: string | null;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly items: readonly Item[];
}

/** The native menu as the system has it. */
function readMenu(app: ElectronApplication): Promise<readonly Item[]> {
  return app.evaluate(({ Menu }) => {
    const read = (menu: Electron.Menu | null | undefined): Item[] =>
      (menu?.items ?? [])
        .filter(({ type, visible }) => type !== 'separator' && visible)
        .map(({ label, accelerator, enabled, checked, submenu }) => ({
          label,
          accelerator: accelerator ?? null,
          enabled,
          checked,
          items: read(submenu),
        }));
    return read(Menu.getApplicationMenu());
  });
}

function clickMenu(app: ElectronApplication, ...labels: string[]): Promise<void> {
  return app.evaluate(({ Menu }, way) => {
    let items = Menu.getApplicationMenu()?.items ?? [];
    let found: Electron.MenuItem | undefined;
    for (const label of way) {
      found = items.find((item) => item.label === label);
      items = found?.submenu?.items ?? [];
    }
    if (found === undefined) throw new Error(`the menu has no ${way.join(' ▸ ')}`);
    found.click();
  }, labels);
}

async function menuOf(app: ElectronApplication, ...labels: string[]): Promise<readonly Item[]> {
  let items = await readMenu(app);
  for (const label of labels) items = items.find((item) => item.label === label)?.items ?? [];
  return items;
}

/** By the whole path: a folder below the home folder is shown short. */
const watched = (page: Page, path: string) =>
  page.getByTitle(`Watching ${path}`, { exact: true }).waitFor(PATIENCE);

describe('the desktop', () => {
  let home: string;
  let plugins: string;
  let other: string;
  let app: ElectronApplication;
  let page: Page;
  let baseUrl: string;
  const cleanUp = cleanUpAfterAll();
  const pageErrors: string[] = [];

  async function open(own: readonly string[]): Promise<void> {
    ({ app } = await launchWorkbench({ home, own, colorScheme: 'no-preference' }));
    page = await app.firstWindow({ timeout: 60_000 });
    page.on('pageerror', (error) => pageErrors.push(error.message));
    baseUrl = await readyAddress(page);
    await page.getByRole('main').waitFor(PATIENCE);
    await answerQuestions(app, 'agree');
  }

  beforeAll(async () => {
    const folder = await temporaryFolder('desktop');
    cleanUp(folder.remove);
    home = await realpath(folder.path);
    plugins = await copyExamples(home, ['hello']);
    other = join(home, 'other');
    await writePlugin(other, 'only_there', 'export const execute = () => ({ from: "the other folder" });\n');
    await open(['--port', '0', '--plugins', plugins]);
    cleanUp(() => app.close());
  });

  const picture = (name: string) => savePicture(page, `desktop-${name}`);

  it('has a menu with every action and its keys', async () => {
    const menu = await readMenu(app);
    expect(menu.map(({ label }) => label)).toEqual(['File', 'Edit', 'View', 'Go', 'Run', 'Help']);
    const flat = menu.flatMap(({ items }) => items);
    const keys = Object.fromEntries(flat.map(({ label, accelerator }) => [label, accelerator]));
    expect(keys).toMatchObject({
      'New plugin…': 'CmdOrCtrl+N',
      'Open folder…': 'CmdOrCtrl+O',
      'Command palette…': 'CmdOrCtrl+K',
      'Zoom in': 'CmdOrCtrl+Plus',
      'Zoom out': 'CmdOrCtrl+-',
      'Actual size': 'CmdOrCtrl+0',
      Overview: 'CmdOrCtrl+1',
      Settings: 'CmdOrCtrl+9',
      'Search traces…': 'CmdOrCtrl+Shift+F',
      'Run again': 'CmdOrCtrl+Shift+R',
      Documentation: 'F1',
    });
  });

  it('does in the page what the menu says', async () => {
    await clickMenu(app, 'Go', 'Plugins');
    await page.getByRole('heading', { name: 'Plugins', level: 1 }).waitFor(PATIENCE);
    await clickMenu(app, 'Go', 'Search traces…');
    const field = page.getByRole('textbox', { name: 'Text in bodies, users, ids' });
    await vi.waitFor(
      async () => expect(await field.evaluate((it) => it === document.activeElement)).toBe(true),
      PATIENCE,
    );
    for (const [way, dialog] of [
      [['View', 'Command palette…'], 'Command palette'],
      [['Help', 'Keyboard shortcuts'], 'Keyboard shortcuts'],
      [['File', 'New plugin…'], 'New plugin'],
    ] as const) {
      await clickMenu(app, ...way);
      await page.getByRole('dialog', { name: dialog }).waitFor(PATIENCE);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: dialog }).waitFor({ state: 'detached', ...PATIENCE });
    }
    await clickMenu(app, 'Help', 'About Mozaiks Workbench');
    await page.getByText('No account, no telemetry.').waitFor(PATIENCE);
  });

  it('follows theme and zoom in the window, the menu and the settings', async () => {
    await goTo(page, 'Settings');
    await clickMenu(app, 'View', 'Appearance', 'Dark');
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor(PATIENCE);
    const shell = () =>
      app.evaluate(({ nativeTheme, BrowserWindow }) => ({
        source: nativeTheme.themeSource,
        zoom: BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor(),
      }));
    await vi.waitFor(async () => expect((await shell()).source).toBe('dark'), PATIENCE);
    await clickMenu(app, 'View', 'Zoom in');
    await clickMenu(app, 'View', 'Zoom in');
    await page.getByRole('status', { name: 'Zoom' }).filter({ hasText: '125 %' }).waitFor(PATIENCE);
    expect((await shell()).zoom).toBeCloseTo(1.25);
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await vi.waitFor(async () => expect((await shell()).zoom).toBeCloseTo(1.1), PATIENCE);
    const checked = async () =>
      (await menuOf(app, 'View', 'Appearance')).filter((item) => item.checked).map(({ label }) => label);
    await vi.waitFor(async () => expect(await checked()).toEqual(['Dark']), PATIENCE);
  });

  it('marks failed plugins on the dock and in the title, and takes the mark back', async () => {
    await goTo(page, 'Settings');
    await app.evaluate(({ app: program }) => {
      const shown: number[] = [];
      // The count itself can be seen on a dock only, and there is none here.
      program.setBadgeCount = (count = 0) => {
        shown.push(count);
        return true;
      };
      Object.assign(globalThis, { shown });
    });
    const badges = () => app.evaluate(() => (globalThis as unknown as { shown: number[] }).shown);
    const title = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
    const file = await writePlugin(plugins, 'breaks', 'export const execute = (;\n');
    await vi.waitFor(
      async () => expect(await title()).toBe('● 1 failed – Settings – Mozaiks Workbench'),
      PATIENCE,
    );
    await vi.waitFor(async () => expect(await badges()).toEqual([1]), PATIENCE);
    expect(await page.title()).toBe('● 1 failed – Settings – Mozaiks Workbench');
    await writeFile(file, 'export const execute = () => ({});\n');
    await vi.waitFor(async () => expect(await title()).toBe('Settings – Mozaiks Workbench'), PATIENCE);
    await vi.waitFor(async () => expect(await badges()).toEqual([1, 0]), PATIENCE);
  });

  it('watches a folder that is dropped, under the same address', async () => {
    await dropFiles(page, [other], async () => {
      await page.getByText('Watch this folder').waitFor(PATIENCE);
      await picture('drop-overlay');
    });
    await watched(page, other);
    await page.getByText('Watch this folder').waitFor({ state: 'detached', ...PATIENCE });
    const answer = await fetch(`${baseUrl}/api/execute/only_there`, { method: 'POST', body: '{}' });
    expect(await answer.json()).toEqual({ from: 'the other folder' });
    expect((await fetch(`${baseUrl}/api/execute/hello`, { method: 'POST', body: '{}' })).status).toBe(404);
    await picture('settings-dark');
  });

  it('stays where it is, and says why, when something else is dropped', async () => {
    const before = page.url();
    await dropFiles(page, [join(other, 'only_there', 'logic.js')]);
    await page.getByText('logic.js is a file: choose a folder').waitFor(PATIENCE);
    await dropFiles(page, [join(other, 'only_there')]);
    await page.getByText(`is itself a plugin: choose the folder around it, ${other}`).waitFor(PATIENCE);
    await dropFiles(page, [plugins, other]);
    await page.getByText('2 items were dropped: drop one folder').waitFor(PATIENCE);
    expect(page.url()).toBe(before);
    await watched(page, other);
  });

  it('offers recent folders in the menu, marks those that are gone, and forgets them', async () => {
    await goTo(page, 'Settings');
    const recent = async () => (await menuOf(app, 'File', 'Open recent')).map(({ label }) => label);
    await vi.waitFor(
      async () => expect(await recent()).toEqual([other, plugins, 'Clear recent folders']),
      PATIENCE,
    );
    await clickMenu(app, 'File', 'Open recent', plugins);
    await watched(page, plugins);
    await page.getByRole('region', { name: 'Recent folders' }).getByText(other).waitFor(PATIENCE);
    const third = join(home, 'third');
    await mkdir(third);
    await page.getByRole('textbox', { name: 'Path of another folder' }).fill(third);
    // The form takes no other while the last one is on its way.
    const submit = page.getByRole('button', { name: 'Watch', exact: true });
    await vi.waitFor(async () => expect(await submit.isEnabled()).toBe(true), PATIENCE);
    await page.keyboard.press('Enter');
    await watched(page, third);
    await rm(third, { recursive: true });
    await clickMenu(app, 'File', 'Open recent', other);
    await watched(page, other);
    await vi.waitFor(async () => expect(await recent()).toContain(`${third} (missing)`), PATIENCE);
    await page.getByRole('button', { name: `Forget ${third}` }).click();
    await vi.waitFor(async () => expect(await recent()).not.toContain(`${third} (missing)`), PATIENCE);
    await clickMenu(app, 'File', 'Open recent', 'Clear recent folders');
    await vi.waitFor(
      async () => expect(await recent()).toEqual(['No other folder yet', 'Clear recent folders']),
      PATIENCE,
    );
  });

  it('starts once: a second start brings the window to the front and has its folder watched there', async () => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    const { command, args, surroundings } = workbenchCommand(home, ['--plugins', plugins]);
    const second = spawn(command, args, { env: surroundings, stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    second.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const code = await new Promise((resolve) => second.once('exit', resolve));
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('already running') });
    await watched(page, plugins);
    const seen = () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((it) => it.isVisible()));
    await vi.waitFor(async () => expect(await seen()).toEqual([true]), PATIENCE);
  });

  it('opens as it was left: place, theme, zoom and folder', async () => {
    await goTo(page, 'Settings');
    await page.getByRole('textbox', { name: 'Path of another folder' }).fill(other);
    await page.keyboard.press('Enter');
    await watched(page, other);
    const bounds = { x: 40, y: 30, width: 1010, height: 690 };
    await app.evaluate(
      ({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0]?.setBounds(place),
      bounds,
    );
    await app.close();
    const kept = JSON.parse(await readFile(join(home, 'profile/window.json'), 'utf8'));
    expect(kept).toMatchObject({ bounds, theme: 'dark', zoom: 1.1 });

    await open(['--port', '0']);
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor(PATIENCE);
    const shell = await app.evaluate(({ nativeTheme, BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return {
        bounds: window?.getBounds(),
        theme: nativeTheme.themeSource,
        zoom: window?.webContents.getZoomFactor(),
        background: window?.getBackgroundColor(),
      };
    });
    expect(shell).toMatchObject({ bounds, theme: 'dark', background: '#191C21' });
    expect(shell.zoom).toBeCloseTo(1.1);
    await watched(page, other);
    await page.getByText(`Started with ${other}, the folder of last time`).first().waitFor(PATIENCE);
  });

  it('opens at its usual place when what was stored is damaged or off every screen', async () => {
    await app.close();
    const file = join(home, 'profile/window.json');
    const lost = { bounds: { x: 90_000, y: 90_000, width: 1000, height: 700 }, zoom: 'big', theme: 7 };
    await writeFile(file, JSON.stringify(lost));
    await open(['--port', '0', '--plugins', plugins]);
    const size = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(size).toMatchObject({ width: 1280, height: 820 });
    expect(size?.x).toBeLessThan(5_000);
  });

  it('met no error on the way', () => expect(pageErrors).toEqual([]));
});

describe('the same in a browser', () => {
  it('watches a folder whose path is typed, and says what a browser can’t do', async () => {
    const workbench = await openHeadless(['hello']);
    onTestFinished(() => workbench.close());
    const { page, plugins, baseUrl } = workbench;
    const other = `${plugins}-other`;
    await writePlugin(other, 'only_there', 'export const execute = () => ({});\n');
    await page.getByRole('button', { name: /^Watched folder/ }).click();
    await page.getByRole('menuitem', { name: 'Watch another folder…' }).click();
    const field = page.getByRole('textbox', { name: 'Path of another folder' });
    await vi.waitFor(
      async () => expect(await field.evaluate((it) => it === document.activeElement)).toBe(true),
      PATIENCE,
    );
    await page.keyboard.type('other');
    await page.keyboard.press('Enter');
    await page.getByText('“other” is not an absolute path').waitFor(PATIENCE);
    await field.fill(other);
    await page.keyboard.press('Enter');
    await watched(page, other);
    // This server's home folder is the one around it.
    await page
      .getByRole('button', { name: `Watched folder ~/${basename(other)}`, exact: true })
      .waitFor(PATIENCE);
    const answer = await fetch(`${baseUrl}/api/execute/only_there`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(200);
    await page.getByText('set in the browser').waitFor(PATIENCE);
    const before = page.url();
    await dropFiles(page, [other]);
    await page.getByText('A browser doesn’t reveal a folder’s path').waitFor(PATIENCE);
    expect(page.url()).toBe(before);
  });
});
