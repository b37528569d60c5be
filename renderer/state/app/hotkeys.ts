/** Which key press a shortcut such as `mod+Enter` means. Pure. */

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Whether `press` is the shortcut `keys`; `mod` is the command key on a Mac, Ctrl elsewhere. */
export function matchesKeys(keys: string, press: KeyPress, mac: boolean): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const mod = parts.includes('mod');
  if (press.altKey !== parts.includes('alt')) return false;
  if (press.ctrlKey !== (mod && !mac) || press.metaKey !== (mod && mac)) return false;
  // A character such as ? already implies shift.
  if (!isSign(key) && press.shiftKey !== parts.includes('shift')) return false;
  return press.key.toLowerCase() === key.toLowerCase();
}

/** Whether it has a modifier that typing doesn't use, so that it may work inside fields. */
export function hasModifier(keys: string): boolean {
  return /(^|\+)(mod|alt)\+/.test(keys);
}

function isSign(key: string): boolean {
  return key.length === 1 && key.toLowerCase() === key.toUpperCase() && !/\d/.test(key);
}
