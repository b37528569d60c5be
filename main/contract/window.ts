/** What a window can do that a page can't: its menu, its appearance, its zoom. A browser has none of it. */

/** In the order of the rail; the shortcuts count them. */
export const SCREENS = [
  'overview',
  'plugins',
  'run',
  'traces',
  'data',
  'messages',
  'contract',
  'tokens',
  'settings',
] as const;
export type Screen = (typeof SCREENS)[number];

/** The commands that the window's menu shares with the palette. */
export const COMMAND_IDS = {
  newPlugin: 'plugin.new',
  chooseFolder: 'folder.choose',
  palette: 'palette',
  searchTraces: 'traces.find',
  runAgain: 'run.send',
  runChecks: 'contract.check',
  shortcuts: 'shortcuts',
  about: 'settings.about',
} as const;

export function screenCommandId(screen: Screen): string {
  return `screen:${screen}`;
}

export function themeCommandId(theme: Theme): string {
  return `theme:${theme}`;
}

export const THEMES = ['auto', 'light', 'dark'] as const;
/** `auto` follows the system. */
export type Theme = (typeof THEMES)[number];

export const THEME_LABELS: Readonly<Record<Theme, string>> = { auto: 'System', light: 'Light', dark: 'Dark' };

/** How the window looks; stored, so that restarts keep it. */
export interface Appearance {
  readonly theme: Theme;
  /** 1 is the natural size. */
  readonly zoom: number;
}

/** The steps of zooming, as browsers have them. */
export const ZOOM_STEPS = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** What a UI may ask about its window; a browser gets null. */
export interface WindowFunctions {
  appearance: { argument: null; answer: Appearance | null };
  setAppearance: { argument: { theme?: Theme; zoom?: number }; answer: Appearance | null };
}

/** What the window's menu, or a second start, asks of the page. */
export type UiCommand =
  /** Runs the palette's command of this id, on this screen where one is given. */
  | { readonly name: 'do'; readonly id: string; readonly screen?: Screen | undefined }
  | { readonly name: 'watch-folder'; readonly path: string };

/**
 * The title with how many plugins failed before it, so that a task bar shows it; an earlier mark is replaced.
 */
export function markTitle(title: string, failed: number): string {
  const bare = title.replace(/^● \d+ failed – /, '');
  return failed === 0 ? bare : `● ${failed} failed – ${bare}`;
}
