import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePlugin } from '../support/folders.ts';
import { collectPageErrors, savePicture } from '../support/page-witness.ts';
import { openWorkbench, resizeWindow, type WorkbenchWindow } from '../support/workbench-window.ts';
import {
  breakAndHeal,
  checkContract,
  editAndRun,
  goTo,
  seeHealth,
  surviveBytes,
  typeBody,
} from './journey.ts';

const SCREENS = [
  'Overview',
  'Plugins',
  'Run',
  'Traces',
  'Data',
  'Messages',
  'Contract',
  'Tokens',
  'Settings',
];

/** The main job, walked in the real Electron window; then every screen in either theme. */
describe('the window', () => {
  let workbench: WorkbenchWindow;
  const pageErrors: string[] = [];
  beforeAll(async () => {
    workbench = await openWorkbench({ env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '2' } });
    collectPageErrors(workbench.page, pageErrors);
  });
  afterAll(() => workbench.close());

  it('shows health as the server answers it', () => seeHealth(workbench));
  it('reloads an edited plugin, runs it and explains its context', () => editAndRun(workbench));
  it('keeps the last good version while a broken one is on disk', () => breakAndHeal(workbench));
  it('keeps the whole contract', () => checkContract(workbench));
  it('P9: goes on when a plugin writes to its channel', () => surviveBytes(workbench));

  it('counts down to the timeout of an endless loop, and the next call answers', async () => {
    const { page, plugins, baseUrl } = workbench;
    await writePlugin(
      plugins,
      'spinner',
      'exports.execute = ({ spin }) => { while (spin); return { spun: false }; };\n',
    );
    await page.getByTestId('last-reload').filter({ hasText: 'spinner' }).waitFor();
    await page.evaluate(() => {
      localStorage.clear();
      location.hash = '#/run/spinner';
    });
    await typeBody(page, '{"spin": true}');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByTestId('countdown').waitFor();
    await page.getByText('Plugin execution timed out after 2 seconds').first().waitFor();
    const next = await fetch(`${baseUrl}/api/execute/spinner`, { method: 'POST', body: '{}' });
    expect([next.status, await next.json()]).toEqual([200, { spun: false }]);
  });

  it.each((['light', 'dark'] as const).flatMap((theme) => SCREENS.map((screen) => [screen, theme] as const)))(
    'shows %s whole in a %s desktop, at the usual and the smallest size',
    async (screen, theme) => {
      const { page } = workbench;
      await page.emulateMedia({ colorScheme: theme });
      const shown = () => page.locator('html').getAttribute('data-mantine-color-scheme');
      await expect.poll(shown).toBe(theme);
      for (const [width, height] of [
        [1280, 820],
        [960, 600],
      ] as const) {
        await resizeWindow(workbench, [width, height]);
        await goTo(page, screen);
        await page.getByLabel('Loading').waitFor({ state: 'detached' });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
        await savePicture(page, `${screen.toLowerCase()}-${theme}-${width}`);
      }
    },
  );

  it('met no error on the way', () => expect(pageErrors).toEqual([]));
});
