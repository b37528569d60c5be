import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { projectRoot } from './folders.ts';

/** Where the tests leave what they saw. */
const pictures = join(projectRoot, 'test-results/screens');

/** Writes a picture of the page as it is now, `<name>.png`. */
export async function savePicture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  await writeFile(join(pictures, `${name}.png`), await page.screenshot());
}

/** From now on adds the page's uncaught errors, and those it writes to its console, to `pageErrors`. */
export function collectPageErrors(page: Page, pageErrors: string[]): void {
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text());
  });
}
