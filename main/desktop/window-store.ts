import { join } from 'node:path';
import { app, type BrowserWindow, nativeTheme, screen } from 'electron';
import type { Appearance } from '../contract/window.ts';
import { loadJson, saveJson } from '../system/atomic-file.ts';
import type { Log } from '../system/log.ts';
import { placeWindow, readWindowState, stepZoom, type WindowState } from './window-state.ts';

/** Stores the window's place, zoom and theme, and applies theme and zoom at once. */
export interface WindowStore {
  readonly state: WindowState;
  /** Bounds that fit the present screens; null for the default. */
  bounds(): WindowState['bounds'];
  setAppearance(change: Partial<Appearance>): Appearance;
  zoom(direction: 'in' | 'out' | 'reset'): void;
  /** Follows this window until it closes. */
  follow(window: BrowserWindow): void;
  /** Calls back after theme or zoom changed. */
  onAppearance(listener: (appearance: Appearance) => void): void;
  /** Resolves when the last change is on disk. */
  flush(): Promise<void>;
}

/** A window that is dragged changes its place many times a second. */
const SAVE_AFTER_MS = 400;

/**
 * Reads what was stored. The system's menus and the window's background follow the theme from here on, before
 * any page is shown.
 */
export async function loadWindowStore(log: Log): Promise<WindowStore> {
  const path = join(app.getPath('userData'), 'window.json');
  let state = readWindowState(await loadJson(path));
  let saving: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let followed: BrowserWindow | null = null;
  const listeners = new Set<(appearance: Appearance) => void>();

  const write = () => {
    timer = null;
    saving = saving
      .then(() => saveJson(path, state))
      .catch((error: unknown) => log.warn('Could not store the window’s place', { error: String(error) }));
  };
  const change = (part: Partial<WindowState>) => {
    state = { ...state, ...part };
    timer ??= setTimeout(write, SAVE_AFTER_MS);
  };
  const setAppearance = (input: Partial<Appearance>): Appearance => {
    const { theme = state.theme, zoom = state.zoom } = input;
    if (theme !== state.theme || zoom !== state.zoom) {
      change({ theme, zoom });
      apply(state, followed);
      for (const listener of listeners) listener({ theme, zoom });
    }
    return { theme, zoom };
  };
  apply(state, null);

  return {
    get state() {
      return state;
    },
    bounds: () =>
      placeWindow(
        state.bounds,
        screen.getAllDisplays().map(({ workArea }) => workArea),
      ),
    setAppearance,
    zoom: (direction) => setAppearance({ zoom: direction === 'reset' ? 1 : stepZoom(state.zoom, direction) }),
    follow(window) {
      followed = window;
      const place = () => change({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
      for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const) {
        window.on(event as 'resize', place);
      }
      // A page that is loaded again, also after its process died, starts at the natural size.
      window.webContents.on('dom-ready', () => apply(state, window));
      window.webContents.on('zoom-changed', (_event, direction) =>
        setAppearance({ zoom: stepZoom(state.zoom, direction) }),
      );
      window.once('closed', () => {
        followed = null;
      });
    },
    onAppearance: (listener) => listeners.add(listener),
    async flush() {
      if (timer !== null) {
        clearTimeout(timer);
        write();
      }
      await saving;
    },
  };
}

function apply({ theme, zoom }: WindowState, window: BrowserWindow | null): void {
  nativeTheme.themeSource = theme === 'auto' ? 'system' : theme;
  if (window === null || window.isDestroyed()) return;
  window.webContents.setZoomFactor(zoom);
  window.setBackgroundColor(backgroundColor());
}

/** What shows until the page has painted: the page's own surface. */
export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#191c21' : '#ffffff';
}
