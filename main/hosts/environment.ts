/**
 * The part of the runtime's environment that a plugin's process may see: an allow-list, so that `JWT_SECRET`,
 * cloud credentials, `NODE_OPTIONS` and `ELECTRON_*` stay out whatever their names.
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
const FORBIDDEN = /^(NODE_OPTIONS|NODE_CHANNEL_.*|ELECTRON_.*|JWT_SECRET|INTERNAL_API_KEY|LD_.*|DYLD_.*)$/;

/** The environment of a plugin's process, made from the runtime's own. Pure. */
export function pluginEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    if (isAllowed(name)) allowed[name] = value;
    if (!name.startsWith(PREFIX)) continue;
    const bare = name.slice(PREFIX.length);
    if (bare === '' || FORBIDDEN.test(bare)) continue;
    allowed[name] = value;
    allowed[bare] = value;
  }
  return allowed;
}

function isAllowed(name: string): boolean {
  return name.startsWith('LC_') || ALLOWED.some((known) => known === name.toUpperCase());
}
