import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { EnteredSubscription } from '../../../../../renderer/state/run/form-store.ts';
import { SubscriptionInputs } from '../../../../../renderer/views/run/form/subscription-fields.tsx';

function shown(entered: EnteredSubscription) {
  const html = renderToStaticMarkup(
    <MantineProvider env="test">
      <SubscriptionInputs entered={entered} onEnter={() => undefined} />
    </MantineProvider>,
  );
  const entryUnder = (label: string) => {
    const [, id] = new RegExp(`<label[^>]* for="([^"]+)"[^>]*>${label}</label>`).exec(html) ?? [];
    const [input = ''] = html.match(new RegExp(`<input[^>]* id="${id}"[^>]*>`)) ?? [];
    return / value="([^"]*)"/.exec(input)?.[1];
  };
  return { html, plan: entryUnder('Plan'), tiers: entryUnder('Tiers') };
}

it('shows what was entered for the persona, each field under its label', () => {
  const { html, plan, tiers } = shown({ plan: 'team', tiers: 'videos=pro, notes=basic' });
  expect({ plan, tiers }).toEqual({ plan: 'team', tiers: 'videos=pro, notes=basic' });
  expect(html).not.toContain('aria-invalid="true"');
});

it('says that an empty plan leaves the stored one, and how tiers are written', () => {
  const { html, plan, tiers } = shown({ plan: '', tiers: '' });
  expect({ plan, tiers }).toEqual({ plan: '', tiers: '' });
  expect(html).toContain('placeholder="As stored"');
  expect(html).toContain('placeholder="videos=pro, notes=basic"');
});

it('marks tiers that can’t be read, which are not sent', () => {
  const { html } = shown({ plan: '', tiers: 'videos' });
  expect(html).toContain('Not sent: write plugin=tier, separated by commas');
  expect(html.match(/aria-invalid="true"/g)).toHaveLength(1);
});
