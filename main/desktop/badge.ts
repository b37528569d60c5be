import { app, type BrowserWindow, type NativeImage, nativeImage } from 'electron';
import { markTitle } from '../contract/window.ts';
import type { PluginEngine } from '../plugins/engine/types.ts';

/** Reloads come in bursts, and people only glance at a task bar. */
const SETTLE_MS = 150;

/**
 * Shows beside the window how many plugins failed or are quarantined: on the dock or launcher where the
 * system has a count, as an overlay on Windows' task bar, and in the window's title everywhere. The page
 * marks its title too, but hears nothing while hidden.
 */
export function markFailures(engine: Pick<PluginEngine, 'list' | 'on'>, window: BrowserWindow): () => void {
  let shown = 0;
  let timer: NodeJS.Timeout | null = null;
  const show = () => {
    timer = null;
    const failed = engine
      .list()
      .filter(({ failure, status }) => failure !== null || status === 'quarantined');
    if (window.isDestroyed() || failed.length === shown) return;
    shown = failed.length;
    app.setBadgeCount(shown);
    window.setTitle(markTitle(window.getTitle(), shown));
    if (process.platform !== 'win32') return;
    window.setOverlayIcon(shown === 0 ? null : redDot(), shown === 0 ? '' : `${shown} failed`);
  };
  const schedule = () => {
    timer ??= setTimeout(show, SETTLE_MS);
  };
  schedule();
  const unsubscribe = engine.on('changed', schedule);
  return () => {
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
}

const DOT_SIZE = 16;
const RED_BGRA = [0x2e, 0x26, 0xc4, 0xff] as const;

function redDot(): NativeImage {
  const pixels = Buffer.alloc(DOT_SIZE * DOT_SIZE * 4);
  const middle = (DOT_SIZE - 1) / 2;
  for (let at = 0; at < DOT_SIZE * DOT_SIZE; at += 1) {
    const isInside = Math.hypot((at % DOT_SIZE) - middle, Math.floor(at / DOT_SIZE) - middle) <= middle - 1;
    if (isInside) pixels.set(RED_BGRA, at * 4);
  }
  return nativeImage.createFromBitmap(pixels, { width: DOT_SIZE, height: DOT_SIZE });
}
