import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { TokenStep } from '../../../../main/contract/trace.ts';
import { TokenSteps } from '../../../../renderer/components/status/token-steps.tsx';

function rowsOf(steps: readonly TokenStep[]): readonly string[] {
  const html = renderToStaticMarkup(
    <MantineProvider env="test">
      <TokenSteps steps={steps} />
    </MantineProvider>,
  );
  return [...html.matchAll(/<tr data-verdict="(\w+)">(.*?)<\/tr>/g)].map(([, verdict, cells = '']) =>
    [verdict, ...cells.split('</td>').map((cell) => cell.replace(/<[^>]*>/g, ''))].join(' | '),
  );
}

it('puts the checks that were not reached in one row, and no others, whatever their detail says', () => {
  const rows = rowsOf([
    { check: 'exp', verdict: 'failed', detail: 'Expired.' },
    { check: 'iss', verdict: 'skipped', detail: 'Not checked in local mode.' },
    { check: 'user id', verdict: 'skipped', detail: 'Since exp failed.', reached: false },
    { check: 'roles', verdict: 'skipped', detail: 'Since exp failed.', reached: false },
  ]);
  expect(rows).toEqual([
    'failed | exp | failed | Expired. | ',
    'skipped | iss | skipped | Not checked in local mode. | ',
    'skipped | the rest | skipped | Not checked: user id, roles. | ',
  ]);
});

it('shows skipped checks of older traces, which say nothing about them, one by one', () => {
  const rows = rowsOf([{ check: 'iss', verdict: 'skipped', detail: 'Not looked at, since exp failed.' }]);
  expect(rows).toEqual(['skipped | iss | skipped | Not looked at, since exp failed. | ']);
});
