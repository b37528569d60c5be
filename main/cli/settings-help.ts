import { knownSettings } from '../config/inspect.ts';

const WIDTH = 30;

/** Every variable with its default and meaning, for the help of a command that reads them all. */
export function settingsHelp(): string {
  const lines = knownSettings().map(({ name, value, description }) => {
    const shown = value === '' ? '' : ` (default: ${value})`;
    return `  ${name.padEnd(WIDTH)} ${description}${shown}`;
  });
  return [
    'Settings (environment, else .env beside the plugins or in the working directory):',
    ...lines,
    `  ${'MOZAIKS_PLUGIN_ENV_*'.padEnd(WIDTH)} Passed on to plugins, as the .env files are; no other variable is.`,
  ].join('\n');
}

/** The same in one line, for commands that start a runtime only when needed. */
export const SETTINGS_NOTE =
  'Environment: a runtime started here reads the variables that "mozaiks-workbench serve --help" lists.';
