/**
 * What a plugin's process may see (CONTRACT.md §5): an allow-list of the runtime's own environment, so that
 * cloud credentials, `NODE_OPTIONS` and `ELECTRON_*` stay out whatever their names, and the variables that are
 * meant for plugins, as in production those of the server's `.env`; of neither the runtime's secrets.
 */
const ALLOWED = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'NODE_ENV',
  // In production a plugin can read them; the runtime sets them from its own settings.
  'MOZAIKS_PLUGIN_TIMEOUT_SECONDS',
  'PLUGIN_EXEC_TIMEOUT_S',
  'SHELL',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  // Windows can't resolve host names or start programs without these.
  'SYSTEMROOT',
  'COMSPEC',
  'PATHEXT',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
] as const;

/**
 * `MOZAIKS_PLUGIN_ENV_API_KEY=x` reaches a plugin under that name and as `API_KEY`, its name in production.
 */
const PREFIX = 'MOZAIKS_PLUGIN_ENV_';

/**
 * Names that change how a process starts, or that only the runtime may know: never passed on, even with the
 * prefix.
 */
const FORBIDDEN =
  /^(NODE_OPTIONS|NODE_CHANNEL_.*|ELECTRON_.*|LD_.*|DYLD_.*|JWT_SECRET|JWT_SECRET_KEY|INTERNAL_API_KEY|MOZAIKS_API_KEY|MOZAIKS_APP_ADMIN_KEY|MOZAIKS_EXECUTION_TOKEN_.*)$/i;

/**
 * The environment of a plugin's process: `variables` but the forbidden ones, and what of the runtime's own
 * environment is allowed, which wins. Pure.
 */
export function pluginEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const given = Object.entries(variables).filter(([name]) => !isForbidden(name));
  const allowed: Record<string, string> = Object.fromEntries(given);
  for (const [name, value] of [...given, ...Object.entries(environment)]) {
    if (value === undefined) continue;
    if (isAllowed(name)) allowed[name] = value;
    if (!name.startsWith(PREFIX)) continue;
    const bare = name.slice(PREFIX.length);
    if (bare === '' || isForbidden(name)) continue;
    allowed[name] = value;
    allowed[bare] = value;
  }
  return allowed;
}

/**
 * The names that are set for the runtime and not passed on: where production's server has them, its plugins
 * have them too. Pure.
 */
export function withheldNames(
  environment: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>> = {},
): ReadonlySet<string> {
  const passed = pluginEnvironment(environment, variables);
  const set = Object.keys(environment).filter((name) => environment[name] !== undefined);
  return new Set([...set, ...Object.keys(variables)].filter((name) => !Object.hasOwn(passed, name)));
}

/** By its own name and by the one that it has without the prefix. */
function isForbidden(name: string): boolean {
  const bare = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
  return FORBIDDEN.test(bare);
}

function isAllowed(name: string): boolean {
  return name.startsWith('LC_') || ALLOWED.some((known) => known === name.toUpperCase());
}
