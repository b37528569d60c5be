import { isMac } from '../page.ts';
import classes from './key-hint.module.css';

/** A shortcut as it is written on this system: "mod+K" is ⌘K on a Mac, Ctrl K elsewhere. */
function keyText(keys: string): string {
  const mac = isMac();
  const parts = keys.split('+').map((key) => {
    if (key === 'mod') return mac ? '⌘' : 'Ctrl';
    if (key === 'Enter') return mac ? '↩' : 'Enter';
    return key;
  });
  return parts.join(mac ? '' : ' ');
}

/** A shortcut, quietly. */
export function KeyHint({ keys }: { keys: string }) {
  return <kbd className={classes.key}>{keyText(keys)}</kbd>;
}
