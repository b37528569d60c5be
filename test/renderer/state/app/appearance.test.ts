import { expect, test } from 'vitest';
import {
  appearanceStore,
  createThemeManager,
  readTheme,
  setTheme,
  startAppearance,
} from '../../../../renderer/state/app/appearance.ts';
import { stubBridge } from '../../support/stub-bridge.ts';

test('what was stored is taken only when it is a theme', () => {
  expect(readTheme('dark')).toBe('dark');
  for (const stored of [undefined, null, 7, 'pink', {}]) expect(readTheme(stored)).toBe('auto');
});

test('the window is told of the theme, once a change, and Mantine hears of it', async () => {
  const bridge = stubBridge({ setAppearance: ({ theme = 'auto' }) => ({ theme, zoom: 1.25 }) });
  const manager = createThemeManager();
  const heard: string[] = [];
  manager.subscribe((scheme) => heard.push(scheme));
  setTheme('dark');
  setTheme('dark');
  manager.set('light');
  await expect.poll(() => appearanceStore.getState().zoom).toBe(1.25);
  expect(bridge.calls.map(({ argument }) => argument)).toEqual([{ theme: 'dark' }, { theme: 'light' }]);
  expect(heard).toEqual(['dark', 'light']);
  expect(manager.get('auto')).toBe('light');
});

test('the zoom is the window’s to say', async () => {
  const bridge = stubBridge({ setAppearance: ({ theme = 'auto' }) => ({ theme, zoom: 1 }) });
  const stop = startAppearance();
  await expect.poll(() => appearanceStore.getState().zoom).toBe(1);
  bridge.emit('appearance', { theme: 'dark', zoom: 2 });
  expect(appearanceStore.getState().zoom).toBe(2);
  stop();
});
