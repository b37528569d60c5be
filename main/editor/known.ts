import { basename } from 'node:path';

/** What is known about editors by their names. */

/**
 * Editors with a window, in the order they are looked for on the PATH: command → the process it shows as on
 * Linux.
 */
const WINDOWED: Readonly<Record<string, readonly string[]>> = {
  code: ['code'],
  cursor: ['cursor'],
  windsurf: ['windsurf'],
  codium: ['codium', 'vscodium'],
  'code-insiders': ['code-insiders'],
  zed: ['zed', 'zed-editor'],
  subl: ['sublime_text'],
  webstorm: ['webstorm', 'webstorm.sh'],
  pycharm: ['pycharm', 'pycharm.sh'],
  idea: ['idea', 'idea.sh'],
  phpstorm: ['phpstorm', 'phpstorm.sh'],
  rider: ['rider', 'rider.sh'],
  goland: ['goland', 'goland.sh'],
  gvim: ['gvim'],
  kate: ['kate'],
  gedit: ['gedit'],
};

export const WINDOWED_COMMANDS: readonly string[] = Object.keys(WINDOWED);

const TERMINAL = new Set(
  'vi vim nvim view nano pico ed ex ne joe jed micro hx helix kak mcedit mg tilde'.split(' '),
);

/** `/usr/bin/Code.exe` → Code */
export function editorName(command: string): string {
  return basename(command.replaceAll('\\', '/')).replace(/\.(exe|cmd|bat)$/i, '');
}

/** Whether the command works only inside a terminal, which neither a window nor a background server has. */
export function needsTerminal([command = '', ...rest]: readonly string[]): boolean {
  const name = editorName(command);
  if (name === 'emacs' || name === 'emacsclient')
    return rest.some((part) => /^(-nw|-t|-tty|--tty|--no-window-system)$/.test(part));
  return TERMINAL.has(name);
}

/** The command of the first known editor among the names of running processes (Linux); null when none is. */
export function runningEditor(processes: readonly string[]): string | null {
  const running = new Set(processes);
  const found = Object.entries(WINDOWED).find(([, names]) => names.some((name) => running.has(name)));
  return found?.[0] ?? null;
}

/**
 * The words of a command line; quotes hold blanks together, nothing else is special: no shell ever sees it.
 */
export function splitCommand(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}
