import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { createStore } from 'zustand/vanilla';
import { type Appearance, THEMES, type Theme } from '../../../main/contract/window.ts';
import { call, on } from '../../bridge.ts';
import { readStored, writeStored } from '../../page.ts';
import { announce } from './announcements.ts';
import { toFailure } from './loadable.ts';

export interface AppearanceState {
  readonly theme: Theme;
  /** 1 is the natural size; null in a browser, which zooms by itself. */
  readonly zoom: number | null;
}

const STORED = 'theme';

export const appearanceStore = createStore<AppearanceState>()(() => ({
  theme: readTheme(readStored(STORED)),
  zoom: null,
}));

export function readTheme(stored: unknown): Theme {
  return THEMES.find((theme) => theme === stored) ?? 'auto';
}

/** Tells the window's shell, whose menus and background follow, and hears of its zoom; returns its undo. */
export function startAppearance(): () => void {
  ask({ theme: appearanceStore.getState().theme });
  return on('appearance', take);
}

export function setTheme(theme: Theme): void {
  if (theme === appearanceStore.getState().theme) return;
  appearanceStore.setState({ theme });
  writeStored(STORED, theme);
  ask({ theme });
}

export function setZoom(zoom: number): void {
  ask({ zoom });
}

function ask(change: { theme?: Theme; zoom?: number }): void {
  call('setAppearance', change).then(
    (appearance) => {
      if (appearance !== null) take(appearance);
    },
    (error: unknown) =>
      announce({ tone: 'bad', title: 'Look not changed', text: toFailure(error).message, key: 'appearance' }),
  );
}

/** The theme is the page's to say; the zoom is the window's. */
function take({ zoom }: Appearance): void {
  appearanceStore.setState({ zoom });
}

/** Lets Mantine read and set the theme here, so that every place that changes it does so in one way. */
export function createThemeManager(): MantineColorSchemeManager {
  let stop: () => void = () => undefined;
  const unsubscribe = () => stop();
  return {
    get: () => appearanceStore.getState().theme,
    set: (scheme: MantineColorScheme) => setTheme(scheme),
    subscribe(onUpdate) {
      stop = appearanceStore.subscribe(({ theme }, before) => {
        if (theme !== before.theme) onUpdate(theme);
      });
    },
    unsubscribe,
    clear: () => setTheme('auto'),
  };
}
