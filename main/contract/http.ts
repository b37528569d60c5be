/** Names that cross the HTTP boundary. Each is written here once, with the rule behind it. */

/** The version of the Runtime ↔ Platform Contract that this runtime implements. */
export const CONTRACT_VERSION = '1.0.0';

export const HEADERS = {
  /** On every response, of any status (CONTRACT.md §1). */
  runtimeVersion: 'X-Mozaiks-Runtime-Version',
  /** W3C trace context: honoured when a client sends it, always returned by execute routes. */
  traceparent: 'traceparent',
  /** What the subscription sync route asks for instead of a token. */
  internalApiKey: 'X-Internal-API-Key',
  /** Asks `/health` to prove whose runtime it is; the answer is in `runtimeProof` (SECURITY.md §6). */
  runtimeChallenge: 'X-Mozaiks-Runtime-Challenge',
  runtimeProof: 'X-Mozaiks-Runtime-Proof',
} as const;

export const ROUTES = {
  root: '/',
  health: '/health',
  ready: '/ready',
  info: '/info',
  openapi: '/openapi.json',
  plugins: '/api/plugins',
  /** The older path of {@link ROUTES.plugins}; same body, byte for byte. */
  availablePlugins: '/api/available-plugins',
  checkPluginAccess: '/api/check-plugin-access/:name',
  execute: '/api/execute/:plugin_name',
  /** The standalone plugin-host's path: the same engine, its own error shapes (CONTRACT.md §2). */
  hostExecute: '/api/plugins/:plugin_name/execute',
  /** What the platform's page asks about the app. */
  appConfig: '/api/app-config',
  navigation: '/api/navigation',
  themeConfig: '/api/theme-config',
  pluginSettings: '/api/plugin-settings/:name',
  notifications: '/api/notifications',
  notification: '/api/notifications/:id',
  markRead: '/api/notifications/:id/read',
  markAllRead: '/api/notifications/mark-all-read',
  /** A WebSocket for what is sent to a user; the hint is their id, or `_` (CONTRACT.md §9). */
  notificationSocket: '/ws/notifications/:hint',
  /** Where the platform stores what a user has subscribed to. */
  subscriptionSync: '/api/internal/subscription/sync',
  /** Headless only: the UI's files, its calls and its event stream, below a per-launch token. */
  inspector: '/__inspector',
} as const;

/** The path that calls a plugin, over the contract's route or the plugin host's. */
export function executePath(plugin: string, route: string = ROUTES.execute): string {
  return fillPluginName(route, encodeURIComponent(plugin));
}

/**
 * `route` with `segment` where a plugin's name belongs, as it is: for a name that is only shown, or is a
 * placeholder.
 */
export function fillPluginName(route: string, segment: string): string {
  return route.replace(':plugin_name', () => segment);
}

/** The Authorization header that carries a token; none for null. */
export function authorizationHeader(token: string | null): Readonly<Record<string, string>> {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** The token in what was typed or pasted, which may be a whole header line. */
export function tokenFromPasted(text: string): string {
  return text.trim().replace(/^(authorization:\s*)?bearer\s+/i, '');
}

/** What the development issuer serves on its own port: public things alone. */
export const ISSUER_ROUTES = {
  /** OpenID Connect Discovery 1.0 §4 */
  discovery: '/.well-known/openid-configuration',
  jwks: '/.well-known/jwks.json',
} as const;

/** Keys that only the runtime may set in what a plugin receives (CONTRACT.md §4). */
export const RESERVED_KEYS = ['app_id', 'user_id', 'user_jwt', '_entitlements', '_context'] as const;

/** JSON as it crosses a boundary. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** Body of every error answer (CONTRACT.md §1). */
export interface ErrorBody {
  readonly detail: string;
  readonly error_code: string;
  readonly status_code: number;
}

/** One entry of `GET /api/plugins` (CONTRACT.md §2). `backend` is the import path production would use. */
export interface PluginListEntry {
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly version: string;
  readonly enabled: boolean;
  readonly backend: string;
  readonly status: string;
  readonly error?: string | undefined;
}
