/**
 * How production differs, as CONTRACT.md §7 has it: what holds here, and what would there. Backquotes mark
 * code. A test holds both to the same words.
 */
export interface ProductionDifference {
  readonly here: string;
  readonly there: string;
}

/**
 * What ends a line that is true of every call of a plugin, whatever the call does: where many calls are
 * listed, such a line is said of the plugin, once.
 */
export const STANDING_REASONS = {
  notPython: 'since it runs Python only.',
  inBackend: 'since it looks for logic.py in the plugin’s own folder only.',
  disabled: 'enabled in manifest.json is ignored.',
} as const;

export function isStandingDifference(line: string): boolean {
  return Object.values(STANDING_REASONS).some((reason) => line.endsWith(reason));
}

/** What is said of a watched folder, by its path; null where it has production's name. */
export function describeFolderDifference(path: string): string | null {
  const name = path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
  return name === 'plugins'
    ? null
    : `the folder is called plugins: what is in it is imported by that name, and not as ${name}.`;
}

export const PRODUCTION_DIFFERENCES: readonly ProductionDifference[] = [
  { here: 'local mode without a token: "dev-user"', there: '401' },
  { here: '`exp` and `nbf` may be off by `MOZAIKS_JWT_LEEWAY_SECONDS`', there: '401 at once' },
  { here: 'a token without `exp`: 401', there: 'accepted' },
  {
    here: "a token whose type says that it is none for an API (`typ` of the header, Keycloak's claim `typ`): 401",
    there: 'accepted',
  },
  {
    here: '`is_superadmin` by default names',
    there:
      'false unless `MOZAIKS_SUPERADMIN_CLAIM` (any value that Python counts as true) or `MOZAIKS_SUPERADMIN_ROLE` is set',
  },
  {
    here: '`user_id` is the claim',
    there:
      'v1.0.0: the 24 hex digits of a document in `users`; said where a plugin fails to make an `ObjectId` of it',
  },
  { here: 'a foreign `Host` or `Origin`: 403, without a trace', there: 'the plugin is called' },
  { here: 'a body over the limit: 413; 101 levels, `NaN`: 400', there: 'the plugin is called' },
  { here: 'a body that is not an object: 400', there: '500' },
  {
    here: 'an `entitlements.yaml` over 64 KiB, nested over 100 levels, or with aliases for over 100 values: invalid, so nothing is enforced',
    there: 'it is enforced',
  },
  { here: 'a plugin in JavaScript or TypeScript', there: '404 `{"detail":"Plugin \'<name>\' not found."}`' },
  { here: '`enabled: false` in `manifest.json`: 404', there: 'the plugin is called' },
  {
    here: "a plugin that doesn't load: 500 `PLUGIN_LOAD_FAILED`",
    there: '404 `{"detail":"Plugin \'<name>\' not found."}`',
  },
  {
    here: 'a plugin without `execute` and `run`: 500 `PLUGIN_LOAD_FAILED`',
    there: '500 `{"detail":"Plugin <name> has no execute() or run() method"}`',
  },
  {
    here: 'a result that is a list, a string, a number or None: 500 `PLUGIN_INVALID_RESULT`',
    there: '200, that value as JSON',
  },
  {
    here: "a result that can't be encoded: 500 `PLUGIN_INVALID_RESULT`, with the path",
    there: '500 `{"detail":"An internal server error occurred. Our team has been notified."}`',
  },
  {
    here: 'a result with `error`: its text, an `error_code` and the status',
    there: '500 `{"detail":<the error as it is>}` alone; null becomes "Internal Server Error"',
  },
  { here: '`def execute` that returns an awaitable: awaited', there: '500; the plugin host awaits it' },
  {
    here: 'a model of pydantic 1 in a result',
    there: 'one of pydantic 2, with JSON of its own; of `pydantic.v1`: 500',
  },
  { here: "a call that blocks the event loop of its plugin's process", there: 'all users wait' },
  {
    here: 'a timeout: "timed out after 5 seconds"',
    there: '"timed out after 5.0 seconds"; none while the plugin blocks the event loop, where all users wait',
  },
  { here: 'more calls than `PLUGIN_EXEC_MAX_CONCURRENCY` wait in order', there: 'all run at once' },
  {
    here: "module state is lost on reload, restart, parking, kill and crash; said of the new process's first call",
    there: 'it lives as long as the server',
  },
  {
    here: "the plugin host's path",
    there:
      'no `app_id`, `user_jwt` and `_entitlements` but the client\'s own; no timeout; `logic.py` in the plugin\'s own folder only; no version header; `/health` is `{"status":"ok","plugins_loaded"}`',
  },
  {
    here: 'plugins get an allow-list of the environment; said where a Python plugin looks for a variable that is set and not passed on',
    there: "they get the server's",
  },
  { here: 'the watched folder may have any name; said of the folder', there: 'it is `plugins`' },
  {
    here: 'without `DATABASE_URI` and `MONGODB_URI` a local database, which is not MongoDB (contract §8)',
    there: 'MongoDB at `localhost:27017`',
  },
  {
    here: 'requests of a plugin that have no `traceparent` carry that of the call (contract §10), unless `MOZAIKS_CHILD_SPANS` is `off`',
    there: 'they carry what the plugin sets',
  },
  {
    here: 'the WebSocket of notifications is accepted, then closed with 4001 or 4003 where it is refused (contract §9)',
    there: 'v1.0.0: closed with 4000 after it was accepted twice; refused with 403 before it is accepted',
  },
];
