import { expect, it } from 'vitest';
import { SCREENS } from '../../../../main/contract/window.ts';
import { formatRoute, parseRoute } from '../../../../renderer/state/app/route.ts';

it('a route is read back as it was written, odd letters too', () => {
  for (const screen of SCREENS) {
    for (const item of [null, 'echo', 'a/b?c#d%', '⟨ä⟩']) {
      const params = { text: 'a&b=c d', plugin: 'echo' };
      expect(parseRoute(formatRoute(screen, { item, params }))).toEqual({ screen, item, params });
    }
  }
});

it('empty params leave no trace in the address', () => {
  expect(formatRoute('traces', { params: { plugin: null, outcome: undefined, text: '' } })).toBe('/traces');
});

it.each(['', '/', '/nowhere', 'javascript:alert(1)', '/__proto__'])('%j leads to the Overview', (hash) => {
  expect(parseRoute(hash)).toEqual({ screen: 'overview', item: null, params: {} });
});

it('a stray % is taken as it stands', () => {
  expect(parseRoute('/plugins/100%')).toMatchObject({ screen: 'plugins', item: '100%' });
});
