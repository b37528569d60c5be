import { expect, it } from 'vitest';
import { stubStores } from '../../support/stub-stores.ts';

it('a stored theme is used only when it is one', () => {
  expect(stubStores({}, { stored: { theme: 'dark' } }).stores.appearance.store.getState().theme).toBe('dark');
  for (const stored of [undefined, null, 7, 'pink', {}]) {
    const { stores } = stubStores({}, { stored: { theme: stored } });
    expect(stores.appearance.store.getState().theme).toBe('auto');
  }
});

it('the window is told of the theme, once a change, and Mantine hears of it', async () => {
  const { stores, ...bridge } = stubStores({
    setAppearance: ({ theme = 'auto' }) => ({ theme, zoom: 1.25 }),
  });
  const manager = stores.appearance.createThemeManager();
  const heard: string[] = [];
  manager.subscribe((scheme) => heard.push(scheme));
  stores.appearance.setTheme('dark');
  stores.appearance.setTheme('dark');
  manager.set('light');
  await expect.poll(() => stores.appearance.store.getState().zoom).toBe(1.25);
  expect(bridge.calls.map(({ argument }) => argument)).toEqual([{ theme: 'dark' }, { theme: 'light' }]);
  expect(heard).toEqual(['dark', 'light']);
  expect(manager.get('auto')).toBe('light');
});

it('the zoom is the window’s to say', async () => {
  const { stores, ...bridge } = stubStores({ setAppearance: ({ theme = 'auto' }) => ({ theme, zoom: 1 }) });
  const stop = stores.appearance.start();
  await expect.poll(() => stores.appearance.store.getState().zoom).toBe(1);
  bridge.emit('appearance', { theme: 'dark', zoom: 2 });
  expect(stores.appearance.store.getState().zoom).toBe(2);
  stop();
});
