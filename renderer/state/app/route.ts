import { SCREENS, type Screen } from '../../../main/contract/window.ts';

/**
 * A place in the UI: `#/traces/4bf92f3577b34da6?plugin=echo` → screen traces, item 4bf9…, params {plugin:
 * 'echo'}.
 */
export interface Route {
  readonly screen: Screen;
  /** The chosen thing of that screen: a trace's id, a plugin's name; null for none. */
  readonly item: string | null;
  readonly params: Readonly<Record<string, string>>;
}

export interface RouteTarget {
  readonly item?: string | null;
  readonly params?: Readonly<Record<string, string | null | undefined>>;
}

/** The tabs of a trace's detail. */
export type TraceTab = 'waterfall' | 'context' | 'jwt' | 'request' | 'response' | 'logs';

function isScreen(text: string): text is Screen {
  return (SCREENS as readonly string[]).includes(text);
}

/** Reads a hash without its `#`; anything invalid leads to the Overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.split(/\?(.*)/s, 2);
  const [screen = '', ...rest] = path.replace(/^\//, '').split('/');
  if (!isScreen(screen)) return { screen: 'overview', item: null, params: {} };
  const item = decode(rest.join('/'));
  return { screen, item: item === '' ? null : item, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** The hash, without its `#`, that {@link parseRoute} reads back. */
export function formatRoute(screen: Screen, target: RouteTarget = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(target.params ?? {})) {
    if (value != null && value !== '') query.set(key, value);
  }
  const item = target.item ? `/${encodeURIComponent(target.item)}` : '';
  const text = query.toString();
  return `/${screen}${item}${text ? `?${text}` : ''}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % typed into the address bar: taken literally.
    return text;
  }
}
