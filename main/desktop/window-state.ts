import { type Appearance, THEMES, ZOOM_STEPS } from '../contract/window.ts';

/** The window's place and appearance, stored per user. Pure; window-store.ts reads and writes it. */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState extends Appearance {
  /** Of the window when it is not maximized; null until it was moved or sized. */
  readonly bounds: Rectangle | null;
  readonly maximized: boolean;
}

export const DEFAULT_SIZE = { width: 1280, height: 820 } as const;
export const MIN_SIZE = { width: 960, height: 600 } as const;
export const DEFAULT_STATE: WindowState = { bounds: null, maximized: false, theme: 'auto', zoom: 1 };

/** So much of the window has to be on a screen, or it counts as lost. */
const MIN_VISIBLE = { width: 120, height: 40 };

/** What was stored, each part checked: an older, hand-edited or damaged file falls back part by part. */
export function readWindowState(stored: unknown): WindowState {
  if (typeof stored !== 'object' || stored === null) return DEFAULT_STATE;
  const { bounds, maximized, theme, zoom } = stored as Partial<Record<keyof WindowState, unknown>>;
  return {
    bounds: isRectangle(bounds) ? bounds : null,
    maximized: maximized === true,
    theme: THEMES.find((known) => known === theme) ?? DEFAULT_STATE.theme,
    zoom: isZoom(zoom) ? zoom : DEFAULT_STATE.zoom,
  };
}

/**
 * The bounds as they fit the screens there are now; null (the default size, centred) when none of them shows
 * enough of the window. `areas` are the screens' work areas, without bars and docks.
 */
export function placeWindow(bounds: Rectangle | null, areas: readonly Rectangle[]): Rectangle | null {
  if (bounds === null) return null;
  const [best] = areas
    .map((area) => ({ area, seen: overlap(bounds, area) }))
    .filter(({ seen }) => seen.width >= MIN_VISIBLE.width && seen.height >= MIN_VISIBLE.height)
    .sort((a, b) => b.seen.width * b.seen.height - a.seen.width * a.seen.height);
  if (best === undefined) return null;
  const { area } = best;
  const width = Math.max(MIN_SIZE.width, Math.min(bounds.width, area.width));
  const height = Math.max(MIN_SIZE.height, Math.min(bounds.height, area.height));
  return {
    x: clamp(bounds.x, area.x, area.x + area.width - width),
    y: clamp(bounds.y, area.y, area.y + area.height - height),
    width,
    height,
  };
}

/** The next step up or down; past the last one it stays. */
export function stepZoom(zoom: number, direction: 'in' | 'out'): number {
  if (direction === 'in') return ZOOM_STEPS.find((step) => step > zoom + 0.001) ?? zoom;
  return [...ZOOM_STEPS].reverse().find((step) => step < zoom - 0.001) ?? zoom;
}

/** A screen smaller than the window shows its upper left corner. */
function clamp(value: number, from: number, to: number): number {
  return Math.max(from, Math.min(value, to));
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return { width: Math.max(0, width), height: Math.max(0, height) };
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Partial<Record<keyof Rectangle, unknown>>;
  return [x, y, width, height].every(Number.isSafeInteger) && Number(width) > 0 && Number(height) > 0;
}

function isZoom(value: unknown): value is number {
  return (ZOOM_STEPS as readonly unknown[]).includes(value);
}
