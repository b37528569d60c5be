import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address by which Playwright reaches the browser. */
    chromium: string;
  }
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** One Chromium (`WORKBENCH_CHROMIUM`) for the whole run: each start costs about four seconds of a core. */
export default async function startChromium(project: TestProject): Promise<() => Promise<void>> {
  // The runner's environment has it alone where a person named the browser.
  const executablePath = project.config.env.WORKBENCH_CHROMIUM ?? process.env.WORKBENCH_CHROMIUM;
  if (executablePath === undefined) {
    throw new Error('WORKBENCH_CHROMIUM is not set: run these tests through `npm test`');
  }
  const browser = await chromium.launchServer({ executablePath, args: FLAGS, host: '127.0.0.1' });
  project.provide('chromium', browser.wsEndpoint());
  return () => browser.close();
}
