import type { Setting } from '../../../main/contract/snapshot.ts';

export const SOURCE_LABELS: Readonly<Record<Setting['source'], string>> = {
  environment: 'environment',
  'env-file': '.env file',
  'command-line': 'command line',
  default: 'default',
  'deprecated-alias': 'deprecated variable',
  generated: 'generated',
  window: 'chosen in the window',
};

/** Whether the user chose this value: it is neither a default nor generated. */
export function isSet({ source }: Setting): boolean {
  return source !== 'default' && source !== 'generated';
}

/** Those whose name, value, description or origin contains the text, case-insensitive. */
export function matchingSettings(
  settings: readonly Setting[],
  text: string,
  onlySet = false,
): readonly Setting[] {
  const wanted = text.trim().toLowerCase();
  return settings.filter((setting) => {
    if (onlySet && !isSet(setting)) return false;
    const { name, value, description, origin, source } = setting;
    return [name, value, description, origin, SOURCE_LABELS[source]].some((part) =>
      part.toLowerCase().includes(wanted),
    );
  });
}

const GROUPS = [
  { title: 'App', pattern: /^(MOZAIKS_APP_ID|APP_)/ },
  { title: 'Server', pattern: /^(HOST|PORT|ALLOWED_HOSTS|FRONTEND_URL|ADDITIONAL_CORS_ORIGINS|MAX_REQUEST)/ },
  { title: 'Identity', pattern: /AUTH|JWT|JWKS|ISSUER|AUDIENCE|TOKEN|CLAIM|SUPERADMIN|AS_PRODUCTION/ },
  { title: 'Plugins', pattern: /PLUGIN|PYTHON|WATCH|DATABASE|MONGODB/ },
] as const;

export interface SettingGroup {
  readonly title: string;
  readonly settings: readonly Setting[];
}

/** By subject; in each group the values that were set come first. Empty groups are left out. */
export function groupSettings(settings: readonly Setting[]): readonly SettingGroup[] {
  const titleOf = ({ name }: Setting) =>
    GROUPS.find(({ pattern }) => pattern.test(name))?.title ?? 'Workbench';
  return [...GROUPS.map(({ title }) => title), 'Workbench']
    .map((title) => {
      const own = settings.filter((setting) => titleOf(setting) === title);
      return { title, settings: [...own.filter(isSet), ...own.filter((setting) => !isSet(setting))] };
    })
    .filter((group) => group.settings.length > 0);
}

/**
 * The settings as a `.env` file: defaults as comments, secrets left out (their values never reach the UI).
 */
export function toEnvFile(settings: readonly Setting[]): string {
  const lines = groupSettings(settings).flatMap((group) => [
    `# ${group.title}`,
    ...group.settings.map(envLine),
    '',
  ]);
  return lines.join('\n');
}

function envLine(setting: Setting): string {
  const { name, value, secret } = setting;
  if (secret) return `# ${name}= (secret, left out)`;
  const line = `${name}=${quoted(value)}`;
  return isSet(setting) && value !== '' ? line : `# ${line}`;
}

/** Within quotes a # is not a comment; text that contains one kind of quotes is put in another kind. */
function quoted(value: string): string {
  if (/^[\w./:@,+*-]*$/.test(value)) return value;
  const quote = ["'", '"', '`'].find((mark) => !value.includes(mark)) ?? "'";
  return `${quote}${value}${quote}`;
}
