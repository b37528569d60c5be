import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    readonly axe?: typeof axe;
  }
}

/**
 * Everything that axe finds wrong with the page as it is now, a line each: impact, rule, element, what would
 * fix it. What it can't decide by itself is left out. `colours`: the rules about colours alone. `within`: a
 * selector of the only part that is looked at.
 */
export async function axeProblems(
  page: Page,
  rules: 'all' | 'colours' = 'all',
  within = 'html',
): Promise<readonly string[]> {
  // Evaluated as the developer tools do it: the page's own policy allows no foreign script.
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(source);
  return page.evaluate(
    async ([rules, within]) => {
      const results = await window.axe?.run(within, {
        resultTypes: ['violations'],
        ...(rules === 'colours' && { runOnly: ['color-contrast', 'link-in-text-block'] }),
      });
      if (results === undefined) throw new Error('axe is not there');
      // What floats above the page (tooltips, lists of choices, dialogs) belongs to no landmark by its nature.
      const floats = (target: string) => document.querySelector(target)?.closest('[data-portal]') != null;
      return results.violations.flatMap(({ id, impact, nodes }) =>
        nodes
          .map(({ target, failureSummary = '' }) => ({ target: target.join(' '), failureSummary }))
          .filter(({ target }) => id !== 'region' || !floats(target))
          .map(({ target, failureSummary }) =>
            [impact, id, target, failureSummary.replace(/\s+/g, ' ')].join(' | '),
          ),
      );
    },
    [rules, within] as const,
  );
}
