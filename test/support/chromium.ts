import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/**
 * The Chromium that all end-to-end files share (chromium.setup.ts), with pages and cookies of the caller's own.
 * `close` closes those, not the browser.
 */
export function connectChromium(): Promise<Browser> {
  return chromium.connect(inject('chromium'));
}
