import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeProblems } from '../support/axe.ts';
import { openHeadless } from '../support/headless.ts';
import { collectPageErrors, savePicture } from '../support/page-witness.ts';
import { openWorkbench, resizeWindow, type WorkbenchWindow } from '../support/workbench-window.ts';
import { goTo, typeBody } from './journey.ts';

/**
 * Calling plugins as a user does: samples, countdown and cancel, several personas at once, edit and replay.
 */

const PATIENCE = { timeout: 30_000 };

async function openRun(page: Page, plugin: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/run/${plugin}`);
  await page.getByRole('textbox', { name: 'JSON body' }).waitFor(PATIENCE);
}

/** Saves the body under a name with the keyboard alone, and waits until the editor matches the file. */
async function saveAs(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+S');
  const dialog = page.getByRole('dialog', { name: 'Save as sample' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached', ...PATIENCE });
  await page.getByRole('button', { name: `Sample ${name}`, exact: true }).waitFor(PATIENCE);
}

/** Two plans, one of them without whoami, and folders that are not plugins. */
async function preparePlans(plugins: string): Promise<void> {
  const configs = join(plugins, '../config');
  const ignored = [join(plugins, 'registry'), join(plugins, 'drafts/logic.js')];
  for (const folder of [configs, ...ignored]) await mkdir(folder, { recursive: true });
  const plans = [
    { name: 'free', plugins_unlocked: ['*'] },
    { name: 'team', plugins_unlocked: ['*'] },
    { name: 'basic', plugins_unlocked: ['hello'] },
  ];
  await writeFile(join(configs, 'subscription_config.json'), JSON.stringify({ subscription_plans: plans }));
  await writeFile(
    join(plugins, 'whoami/entitlements.yaml'),
    `schema_version: "1.0"
plugin: whoami
features: { export: { default: false } }
limits: { lookups: { type: consumable, reset: monthly, default: 1 } }
tiers:
  gold: { features: { export: true }, limits: { lookups: 50 } }
`,
  );
  await writeFile(join(plugins, 'registry/logic.js'), 'exports.execute = () => ({});');
}

async function compare(page: Page): Promise<void> {
  await page.getByRole('switch', { name: 'Several' }).click();
  await page.getByRole('button', { name: /^Run as 5/ }).click();
  const table = page.getByRole('region', { name: 'Answers compared' });
  await table.getByRole('heading', { name: /^\d+ of \d+ fields differ$/ }).waitFor(PATIENCE);
  await table
    .getByRole('columnheader', { name: /^Expired/ })
    .getByText('401')
    .waitFor(PATIENCE);
  const user = table.getByRole('row', { name: /^user_id/ }).first();
  expect(await user.getByRole('cell').allTextContents()).toEqual([
    '"dev-user"',
    '≠"user-dana"',
    '≠"user-ada"',
    '≠"user-sam"',
    '–',
  ]);
  expect(await user.getByRole('img', { name: 'differs from Anonymous:' }).count()).toBe(3);
}

describe('the window', () => {
  let workbench: WorkbenchWindow;
  const pageErrors: string[] = [];
  beforeAll(async () => {
    workbench = await openWorkbench({ env: { MONETIZATION: '1' }, prepare: preparePlans });
    collectPageErrors(workbench.page, pageErrors);
  });
  afterAll(() => workbench.close());

  const picture = (name: string) => savePicture(workbench.page, name);

  /** Saves a picture and runs axe, once animations have ended. */
  const look = async (name: string) => {
    const { page } = workbench;
    await page.evaluate(() => {
      // A caret and a spinner never end.
      const ending = document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
      return Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
    });
    await picture(name);
    expect([name, await axeProblems(page)]).toEqual([name, []]);
  };

  const viewOf = (plugin: string) =>
    workbench.page.evaluate(async (name) => {
      const answer = await window.workbench?.call('snapshot', null);
      const found = answer?.ok ? answer.value.plugins.find((view) => view.name === name) : undefined;
      return found && { pid: found.pid, loadedAt: found.loadedAt, reloads: found.reloads.count };
    }, plugin);

  it('saves a sample as a file without a reload, and follows changes by an editor', async () => {
    const { page, plugins } = workbench;
    const file = join(plugins, 'tasks/samples/first.json');
    await openRun(page, 'tasks');
    const before = await viewOf('tasks');
    await typeBody(page, '{"action":"create","title":"Tea","rate":1.0}');
    await saveAs(page, 'first');
    const text = '{\n  "action": "create",\n  "title": "Tea",\n  "rate": 1.0\n}\n';
    expect(await readFile(file, 'utf8')).toBe(text);
    expect((await readdir(join(plugins, 'tasks/samples'))).filter((name) => name.startsWith('.'))).toEqual(
      [],
    );

    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByRole('heading', { name: '200 OK' }).waitFor(PATIENCE);
    expect(await viewOf('tasks')).toEqual(before);

    // The body was not edited, so it follows the file.
    await writeFile(file, text.replace('Tea', 'Coffee'));
    await page.getByRole('textbox', { name: 'JSON body' }).getByText('"Coffee"').waitFor(PATIENCE);

    await typeBody(page, '{"action": "list"}');
    await page.getByRole('button', { name: 'Sample first edited' }).waitFor(PATIENCE);
    await look('run-sample-edited');
    await writeFile(file, text.replace('Tea', 'Milk'));
    await page.getByRole('button', { name: 'Sample first changed on disk' }).waitFor(PATIENCE);
    await page.keyboard.press('ControlOrMeta+S');
    const dialog = page.getByRole('dialog', { name: 'File changed on disk' });
    await dialog.waitFor(PATIENCE);
    await look('run-sample-changed');
    expect(await readFile(file, 'utf8')).toContain('Milk');
    await dialog.getByRole('button', { name: 'Replace file' }).click();
    await page.getByRole('button', { name: 'Sample first', exact: true }).waitFor(PATIENCE);
    expect(await readFile(file, 'utf8')).toBe('{\n  "action": "list"\n}\n');
    expect(await viewOf('tasks')).toEqual(before);
  });

  it('shows a broken sample with its error, and opens, renames and deletes others', async () => {
    const { page, plugins } = workbench;
    const folder = join(plugins, 'tasks/samples');
    await writeFile(join(folder, 'broken.json'), '{\n  "action": "list",\n}\n');
    await openRun(page, 'tasks');
    await page.getByRole('button', { name: /^Sample/ }).click();
    await page.getByText('Not JSON. Line 3, column 1: a comma with nothing after it').waitFor(PATIENCE);
    await look('run-samples');
    await page.getByRole('menuitem', { name: /^create/ }).click();
    await page.getByRole('button', { name: 'Sample create', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Rename create' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('make');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sample make', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete make' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Samples', exact: true }).waitFor(PATIENCE);
    expect((await readdir(folder)).sort()).toEqual([
      'broken.json',
      'complete.json',
      'first.json',
      'list.json',
      'unknown-action.json',
    ]);
  });

  it('counts down, and Escape cancels a call like a client that disconnects', async () => {
    const { page } = workbench;
    await openRun(page, 'slow');
    await typeBody(page, '{"seconds": 25}');
    await page.keyboard.press('ControlOrMeta+Enter');
    const timer = page.getByRole('timer');
    await timer.getByText(/^2\d\.\d s left/).waitFor(PATIENCE);
    await look('run-running');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor(PATIENCE);
    await page.getByText('aborted', { exact: true }).first().waitFor(PATIENCE);
    expect(await timer.count()).toBe(0);
    await page.getByRole('button', { name: /^Run/ }).waitFor(PATIENCE);
  });

  it('shows before sending how the runtime will treat a body', async () => {
    const { page } = workbench;
    await openRun(page, 'whoami');
    await typeBody(page, '{"user_id": "evil", "note": 1, "note": 2}');
    await page.getByText('user_id will be replaced by the runtime.').waitFor(PATIENCE);
    await page.getByText('"note" appears twice, again in line 1; the last one wins.').waitFor(PATIENCE);
    await page.locator('.cm-lintRange-warning').first().waitFor(PATIENCE);
    await look('run-notes');
    await typeBody(page, '{"a": 1');
    await page
      .getByText(/^Line 1, column 8: expected a comma or }, but the text ends here/)
      .waitFor(PATIENCE);
  });

  it('runs the same call as several personas at once and marks differences', async () => {
    const { page } = workbench;
    await openRun(page, 'whoami');
    await typeBody(page, '{}');
    await compare(page);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await look(`run-matrix-${colorScheme}`);
    }
    const admin = page.getByRole('columnheader', { name: /^Admin/ });
    await admin.hover();
    await admin.getByRole('button', { name: 'Compare others with Admin' }).click();
    await page.getByRole('img', { name: 'differs from Admin:' }).first().waitFor(PATIENCE);
    await admin.getByRole('link', { name: 'Trace' }).click();
    await page.getByRole('heading', { name: 'Traces', level: 1 }).waitFor(PATIENCE);
    await page.getByText('ada · user-ada').waitFor(PATIENCE);
  });

  it('opens a trace of the plugin host’s path in Run by one key, and keeps that path', async () => {
    const { page, baseUrl } = workbench;
    const answer = await fetch(`${baseUrl}/api/plugins/hello/execute`, {
      method: 'POST',
      body: '{"greeting": "From a trace"}',
    });
    const id = answer.headers.get('traceparent')?.split('-')[2] ?? '';
    const open = async () => {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#/traces/${id}`);
      await page.getByRole('button', { name: /^Edit & replay/ }).waitFor(PATIENCE);
    };
    await open();
    await page.keyboard.press('e');
    await page.getByRole('heading', { name: 'Run', level: 1 }).waitFor(PATIENCE);
    await page.getByRole('textbox', { name: 'JSON body' }).getByText('"From a trace"').waitFor(PATIENCE);
    expect(
      await page
        .getByRole('textbox', { name: 'Persona' })
        .or(page.getByRole('combobox', { name: 'Persona' }))
        .first()
        .inputValue(),
    ).toBe('Anonymous');
    await page.getByText('/api/plugins/hello/execute').waitFor(PATIENCE);
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByText('"From a trace, dev-user!"').first().waitFor(PATIENCE);

    await open();
    await page.keyboard.press('m');
    await page.getByRole('heading', { name: /fields differ$/ }).waitFor(PATIENCE);
    const paths = await page.evaluate(async () => {
      const list = await window.workbench?.call('traces', { limit: 6, plugin: 'hello' });
      const ids = list?.ok ? list.value.traces.map((trace) => trace.id) : [];
      const traces = await Promise.all(ids.map((each) => window.workbench?.call('trace', { id: each })));
      return traces.map((trace) => (trace?.ok ? trace.value.request.path : null));
    });
    expect(paths).toEqual(Array.from({ length: 6 }, () => '/api/plugins/hello/execute'));
  });

  it('restores plugin, body, sample and personas after a page reload', async () => {
    const { page } = workbench;
    await openRun(page, 'tasks');
    await page.getByRole('switch', { name: 'Several' }).setChecked(false);
    await page.getByRole('button', { name: /^Sample/ }).click();
    await page.getByRole('menuitem', { name: /^complete/ }).click();
    await page.getByRole('button', { name: 'Sample complete', exact: true }).waitFor(PATIENCE);
    await page.getByRole('switch', { name: 'Several' }).setChecked(true);
    await page.reload();
    await page.getByRole('button', { name: 'Sample complete', exact: true }).waitFor(PATIENCE);
    await page.getByRole('button', { name: /^Run as 5/ }).waitFor(PATIENCE);
    await page.getByRole('button', { name: /^Personas: Admin, Anonymous, User/ }).waitFor(PATIENCE);
    await page.getByRole('textbox', { name: 'JSON body' }).getByText('"complete"').waitFor(PATIENCE);
  });

  it('lets a persona’s plan and tiers decide what its user may do', async () => {
    const { page } = workbench;
    await resizeWindow(workbench, [960, 600]);
    await openRun(page, 'whoami');
    await page.getByRole('switch', { name: 'Several' }).setChecked(false);
    await typeBody(page, '{}');
    const [plan, tiers] = ['Plan', 'Tiers'].map((name) => page.getByRole('textbox', { name }));
    await plan?.fill('team');
    await tiers?.fill('whoami');
    await page.getByText('Not sent: write plugin=tier, separated by commas').waitFor(PATIENCE);
    await look('run-tiers-wrong');
    await tiers?.fill('whoami=gold');
    await page.keyboard.press('ControlOrMeta+Enter');
    const limits = page.getByRole('row').filter({ hasText: '_entitlements.limits' });
    await limits.getByText('"remaining":50').waitFor(PATIENCE);
    const tier = page.getByRole('row').filter({ hasText: '_entitlements.tier' });
    expect(await tier.textContent()).toMatch(/plugin_tiers\.whoami.*"gold"/);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await look(`run-plan-${colorScheme}`);
    }
    await tier.hover();
    await look('run-context-of-plan');

    await plan?.fill('basic');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByRole('heading', { name: '403 Forbidden' }).waitFor(PATIENCE);
    const denied = "Access denied: Subscription does not allow 'whoami'.";
    await page.getByText(denied).first().waitFor(PATIENCE);
    await page.getByText('The user’s plan does not include this plugin').waitFor(PATIENCE);
    await look('run-plan-denied');
    await goTo(page, 'Plugins');
    await page.getByText('2 folders ignored').waitFor(PATIENCE);
    // The link that was clicked has a tooltip while the pointer is on it.
    await page.mouse.move(640, 500);
    await page.getByRole('tooltip').waitFor({ state: 'detached' });
    await look('plugins-ignored');
  });

  it('logged no errors', () => expect(pageErrors).toEqual([]));
});

describe('the browser', () => {
  it('saves a sample and compares personas', async () => {
    const workbench = await openHeadless(['whoami']);
    try {
      const { page, plugins } = workbench;
      await openRun(page, 'whoami');
      await typeBody(page, '{"note":"kept"}');
      await saveAs(page, 'from-browser');
      const file = join(plugins, 'whoami/samples/from-browser.json');
      expect(await readFile(file, 'utf8')).toBe('{\n  "note": "kept"\n}\n');
      await writeFile(file, '{\n  "note": "changed"\n}\n');
      await page.getByRole('textbox', { name: 'JSON body' }).getByText('"changed"').waitFor(PATIENCE);
      await compare(page);
    } finally {
      await workbench.close();
    }
  });
});
