import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import * as z from 'zod/mini';
import { createStore } from 'zustand/vanilla';
import { type Appearance, THEMES, type Theme } from '../../../main/contract/window.ts';
import type { Inspector } from '../../bridge.ts';
import type { Page } from '../../page.ts';
import type { Announcements } from './announcements.ts';
import { toFailure } from './loadable.ts';
import { persisted } from './persisted.ts';

export interface AppearanceState {
  readonly theme: Theme;
  /** 1 is the natural size; null in a browser, which zooms by itself. */
  readonly zoom: number | null;
}

const THEME = z.catch(z.enum(THEMES), 'auto');

interface AppearanceDeps {
  readonly page: Page;
  readonly inspector: Inspector;
  readonly announcements: Announcements;
}

export function createAppearanceStore({ page, inspector, announcements }: AppearanceDeps) {
  const storedTheme = persisted(page, 'theme', THEME);
  const store = createStore<AppearanceState>()(() => ({
    theme: storedTheme.read(),
    zoom: null,
  }));

  /**
   * Sends the theme to the window, whose menus and background follow, and receives its zoom. Returns
   * `unsubscribe`.
   */
  function start(): () => void {
    ask({ theme: store.getState().theme });
    return inspector.on('appearance', take);
  }

  function setTheme(theme: Theme): void {
    if (theme === store.getState().theme) return;
    store.setState({ theme });
    storedTheme.write(theme);
    ask({ theme });
  }

  function setZoom(zoom: number): void {
    ask({ zoom });
  }

  function ask(change: { theme?: Theme; zoom?: number }): void {
    inspector.call('setAppearance', change).then(
      (appearance) => {
        if (appearance !== null) take(appearance);
      },
      (error: unknown) =>
        announcements.announce({
          tone: 'bad',
          title: 'Appearance not changed',
          text: toFailure(error).message,
          key: 'appearance',
        }),
    );
  }

  /** The page decides the theme, the window the zoom. */
  function take({ zoom }: Appearance): void {
    store.setState({ zoom });
  }

  /** Lets Mantine read and set the theme here, so that it changes in one way only. */
  function createThemeManager(): MantineColorSchemeManager {
    let stop: () => void = () => undefined;
    const unsubscribe = () => stop();
    return {
      get: () => store.getState().theme,
      set: (scheme: MantineColorScheme) => setTheme(scheme),
      subscribe(onUpdate) {
        stop = store.subscribe(({ theme }, before) => {
          if (theme !== before.theme) onUpdate(theme);
        });
      },
      unsubscribe,
      clear: () => setTheme('auto'),
    };
  }
  return {
    store,
    start,
    setTheme,
    setZoom,
    createThemeManager,
  };
}
