import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/folders.ts';
import { openHeadless } from '../support/headless.ts';
import { goTo } from './journey.ts';

/** What is downloaded when a person asks for it, where there is no network: they are told, and nothing changes. */

const PATIENCE = { timeout: 60_000 };

it('offers motor where it is missing and MongoDB in Settings, and says why neither could be had', async () => {
  const { path, remove } = await temporaryFolder('downloads');
  onTestFinished(remove);
  await promisify(execFile)('python3', ['-m', 'venv', '--without-pip', path]);
  const { page, close } = await openHeadless(['hello'], {
    env: {
      PATH: `${join(path, 'bin')}:${process.env.PATH}`,
      PIP_NO_INDEX: '1',
      MONGOMS_DOWNLOAD_MIRROR: 'http://127.0.0.1:1',
      MONGOMS_USE_HTTP: 'true',
    },
    prepare: async (plugins) => {
      await mkdir(join(plugins, 'garden'));
      await writeFile(join(plugins, 'garden/logic.py'), 'import motor\n');
    },
  });
  onTestFinished(close);

  await goTo(page, 'Plugins');
  await page.getByRole('link', { name: 'garden', exact: true }).click(PATIENCE);
  await page.getByRole('button', { name: 'Install motor' }).click(PATIENCE);
  await page.getByText('pip failed (exit code 1)').waitFor(PATIENCE);
  await page.getByText('No matching distribution found for motor').waitFor(PATIENCE);
  await page.getByRole('button', { name: 'Install motor' }).waitFor(PATIENCE);

  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Use MongoDB…' }).click(PATIENCE);
  const dialog = page.getByRole('dialog', { name: 'Use MongoDB' });
  await dialog.getByText('from 127.0.0.1:1 into').waitFor(PATIENCE);
  await dialog.getByRole('button', { name: 'Download MongoDB' }).click();
  await page.getByText('This machine can’t reach 127.0.0.1:1. Set DATABASE_URI').waitFor(PATIENCE);
  expect(await page.getByText('Plugins use the local database.').count()).toBe(1);
});
