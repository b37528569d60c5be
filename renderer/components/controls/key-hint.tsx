import { isMac } from '../../page.ts';
import classes from './key-hint.module.css';

const ON_MAC: Readonly<Record<string, string>> = {
  mod: '⌘',
  Enter: '↩',
  shift: '⇧',
  alt: '⌥',
  Escape: 'Esc',
};
const ELSEWHERE: Readonly<Record<string, string>> = {
  mod: 'Ctrl',
  shift: 'Shift',
  alt: 'Alt',
  Escape: 'Esc',
};

/** A shortcut as it is written on this system: "mod+K" is ⌘K on a Mac, Ctrl K elsewhere. */
function keyText(keys: string): string {
  const mac = isMac();
  const names = mac ? ON_MAC : ELSEWHERE;
  return keys
    .split('+')
    .map((key) => names[key] ?? key)
    .join(mac ? '' : ' ');
}

/** A shortcut, in the style of a key. */
export function KeyHint({ keys }: { keys: string }) {
  return <kbd className={classes.key}>{keyText(keys)}</kbd>;
}
