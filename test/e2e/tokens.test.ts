import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { collectPageErrors, savePicture } from '../support/page-witness.ts';
import { localToken } from '../support/tokens.ts';
import { openWorkbench, type WorkbenchWindow } from '../support/workbench-window.ts';
import { goTo } from './journey.ts';

/** Tokens made, read and refused in the real window, in local mode and offline in external mode. */

const PATIENCE = { timeout: 30_000 };

async function open(env: Record<string, string> = {}) {
  const port = await freePort();
  const workbench = await openWorkbench({
    examples: ['whoami'],
    env: { MOZAIKS_DEV_ISSUER_PORT: String(port), ...env },
  });
  const pageErrors: string[] = [];
  collectPageErrors(workbench.page, pageErrors);
  return { workbench, issuer: `http://127.0.0.1:${port}`, pageErrors };
}

/** The row of a field in the context of the claims or of the token. */
const contextRow = (page: Page, field: string) =>
  page.getByRole('row').filter({ has: page.getByRole('cell', { name: field, exact: true }) });

const verdict = (page: Page) => page.getByRole('tabpanel').getByRole('status').first();

/** Runs a plugin as a persona, as the Run screen does, and says what came back. */
async function runAs(page: Page, persona: 'user' | 'expired' | 'wrong-audience' | 'no-subject') {
  return page.evaluate(async (chosen) => {
    const answer = await window.workbench?.call('run', {
      runId: `run-${chosen}`,
      plugin: 'whoami',
      body: '{}',
      persona: chosen,
    });
    return answer?.ok ? answer.value.status : answer?.error.message;
  }, persona);
}

async function checkContract(page: Page, headline: RegExp): Promise<void> {
  await goTo(page, 'Contract');
  await page.getByRole('button', { name: /^Run/ }).first().click();
  await page.getByTestId('contract-headline').filter({ hasText: headline }).waitFor({ timeout: 90_000 });
}

async function holds(folder: string, secret: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    // Files of the browser come and go.
    const content = await readFile(path).catch(() => null);
    if (content?.includes(secret)) found.push(path);
  }
  return found;
}

describe('local mode', () => {
  let workbench: WorkbenchWindow;
  let pageErrors: string[];
  let issuer: string;
  beforeAll(async () => {
    ({ workbench, pageErrors, issuer } = await open());
    await goTo(workbench.page, 'Tokens');
  });
  afterAll(() => workbench.close());

  it('shows the context while claims are typed, in the form or as JSON', async () => {
    const { page } = workbench;
    await contextRow(page, 'user_id').filter({ hasText: '"user-dana"JWT claim sub' }).waitFor(PATIENCE);
    await page.getByRole('textbox', { name: 'User id' }).fill('user-42');
    await contextRow(page, '_context.user_id').filter({ hasText: '"user-42"' }).waitFor(PATIENCE);
    expect(await page.getByRole('textbox', { name: 'Claims' }).textContent()).toContain('"sub": "user-42"');
    await page.getByRole('textbox', { name: 'Claims' }).click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText(
      '{"sub": "typed", "email": "eve@example.com", "roles": "a b", "exp": 4102444800}',
    );
    await contextRow(page, '_context.username').filter({ hasText: 'the part before @' }).waitFor(PATIENCE);
    await contextRow(page, '_context.roles').filter({ hasText: '["a","b"]' }).waitFor(PATIENCE);
    expect(await page.getByRole('textbox', { name: 'User id' }).inputValue()).toBe('typed');
  });

  it('says why claims would be refused, before anything is minted', async () => {
    const { page } = workbench;
    await page.getByRole('button', { name: 'Expired' }).click();
    await verdict(page).filter({ hasText: 'Refused with 401 at the check “exp”' }).waitFor(PATIENCE);
    const words = await verdict(page).textContent();
    expect(words).toMatch(/exp is \d{4}-\d\d-\d\d .* UTC, the clock here says/);
    expect(words).toContain('The client only sees “Token expired”');
    await page.getByRole('button', { name: 'No subject' }).click();
    await verdict(page).getByRole('link', { name: 'MOZAIKS_USER_ID_CLAIM' }).waitFor(PATIENCE);
  });

  it('mints a token that is masked until a click, and runs with it', async () => {
    const { page } = workbench;
    await page.getByRole('button', { name: 'Admin', exact: true }).click();
    await page.getByRole('button', { name: /Mint token/ }).click();
    await verdict(page).filter({ hasText: 'The runtime accepts this token' }).waitFor(PATIENCE);
    const field = page.getByRole('textbox', { name: 'Token' });
    const masked = () =>
      field.evaluate((element) => getComputedStyle(element).getPropertyValue('-webkit-text-security'));
    expect(await masked()).toBe('disc');
    await page.getByRole('button', { name: 'Reveal' }).click();
    expect(await masked()).toBe('none');
    await savePicture(page, 'tokens-minted');
    await page.getByRole('button', { name: 'Run with token' }).click();
    await page.getByRole('heading', { name: 'Run', level: 1 }).waitFor(PATIENCE);
    await goTo(page, 'Tokens');
  });

  it('decodes a pasted token although it is refused, names the setting to change, and stores it nowhere', async () => {
    const { page, plugins } = workbench;
    const foreign = localToken({ sub: 'stranger' }, 'another-secret-of-32-bytes-or-more!!');
    await page.getByRole('textbox', { name: 'Token' }).fill(`Authorization: Bearer ${foreign}`);
    await verdict(page).filter({ hasText: 'signed with another secret than JWT_SECRET' }).waitFor(PATIENCE);
    await verdict(page).getByRole('link', { name: 'JWT_SECRET' }).waitFor(PATIENCE);
    await page.getByText('"stranger"').first().waitFor(PATIENCE);
    await savePicture(page, 'tokens-refused');
    expect(await contextRow(page, 'user_id').count()).toBe(0);

    await page.evaluate(() => window.dispatchEvent(new Event('beforeunload')));
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    const signature = foreign.split('.')[2] ?? '';
    expect(stored).not.toContain(signature);
    expect(await holds(dirname(plugins), signature)).toEqual([]);
    expect(workbench.stderr()).not.toContain(signature);
  });

  it('switches to external mode and back without a restart', async () => {
    const { page } = workbench;
    await page.getByRole('button', { name: 'Try external mode' }).click();
    await page.getByText('npm start -- --auth-mode external --dev-issuer').waitFor(PATIENCE);
    await page.getByText('MOZAIKS_DEV_ISSUER=true').waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Switch now' }).click();
    await page.getByRole('link', { name: 'external auth' }).waitFor(PATIENCE);
    expect((await fetch(`${issuer}/.well-known/jwks.json`)).status).toBe(200);
    expect(await runAs(page, 'user')).toBe(200);
    expect(await runAs(page, 'wrong-audience')).toBe(401);

    await page.getByRole('button', { name: 'Leave development issuer' }).click();
    await page.getByRole('link', { name: /local auth/ }).waitFor(PATIENCE);
    expect(await runAs(page, 'wrong-audience')).toBe(200);
    await expect(fetch(`${issuer}/.well-known/jwks.json`)).rejects.toThrow();
  });

  it('leaves no error behind', () => {
    expect(pageErrors).toEqual([]);
  });
});

describe('external mode with the development issuer', () => {
  let workbench: WorkbenchWindow;
  let pageErrors: string[];
  beforeAll(async () => {
    ({ workbench, pageErrors } = await open({ MOZAIKS_AUTH_MODE: 'external', MOZAIKS_DEV_ISSUER: 'true' }));
  });
  afterAll(() => workbench.close());

  it('has its personas accepted and refused as a provider’s users', async () => {
    const { page } = workbench;
    expect([
      await runAs(page, 'user'),
      await runAs(page, 'expired'),
      await runAs(page, 'wrong-audience'),
      await runAs(page, 'no-subject'),
    ]).toEqual([200, 401, 401, 401]);
  });

  it('passes the checks with personas to sign for', async () => {
    await checkContract(workbench.page, /passed/);
    const { page } = workbench;
    const headline = await page.getByTestId('contract-headline').textContent();
    expect(headline).not.toMatch(/failed/);
  });

  it('rotates the key: a new one signs, the old token is refused once the keys are fetched again', async () => {
    const { page } = workbench;
    await goTo(page, 'Tokens');
    await page.getByRole('button', { name: 'User', exact: true }).click();
    await page.getByRole('button', { name: /Mint token/ }).click();
    await verdict(page).filter({ hasText: 'The runtime accepts this token' }).waitFor(PATIENCE);
    const old = await page.getByRole('textbox', { name: 'Token' }).inputValue();

    await page.getByRole('button', { name: 'Development issuer' }).click();
    const panel = page.getByRole('dialog', { name: 'Development issuer' });
    await panel.getByRole('button', { name: 'Rotate key' }).click();
    await panel.getByText('The signing key is not among them yet.').waitFor(PATIENCE);
    await savePicture(page, 'tokens-rotated');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: /Mint token/ }).click();
    const again = page.getByRole('button', { name: 'Check again' });
    await expect
      .poll(
        async () => {
          await again.click();
          return verdict(page).textContent();
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toContain('The runtime accepts this token');
    await page.getByRole('textbox', { name: 'Token' }).fill(old);
    await verdict(page).filter({ hasText: 'Refused with 401 at the check “key”' }).waitFor(PATIENCE);
    expect(pageErrors).toEqual([]);
  });
});
