/**
 * The page itself: hash, storage, clipboard. Apart from `bridge.ts` nothing else in the renderer touches
 * `window`.
 */

/** What stores need of the page; main.tsx passes this module, a test its own. */
export interface Page {
  readHash(): string;
  writeHash(hash: string, replace?: boolean): void;
  onHash(listener: () => void): () => void;
  readStored(key: string): unknown;
  writeStored(key: string, value: unknown): void;
  startDownload(url: string, name: string): void;
  /** Calls back when the window gets the focus; returns `unsubscribe`. */
  onFocus(listener: () => void): () => void;
  /** Lets the user choose a file; null when they close the dialog. */
  pickFile(accept: string): Promise<File | null>;
}

const STORAGE_PREFIX = 'mozaiks-workbench.';

/** The hash without its `#`, or ''. */
export function readHash(): string {
  return window.location.hash.slice(1);
}

/** Sets the hash; `replace` leaves no step in the history. */
export function writeHash(hash: string, replace = false): void {
  if (replace) {
    window.history.replaceState(null, '', `#${hash}`);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    window.location.hash = hash;
  }
}

/** Calls back on each change of the hash; returns `unsubscribe`. */
export function onHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** Calls back when the window gets the focus; returns `unsubscribe`. */
export function onFocus(listener: () => void): () => void {
  window.addEventListener('focus', listener);
  return () => window.removeEventListener('focus', listener);
}

/** What was stored under `key`, or undefined: missing, unreadable, or no storage here. */
export function readStored(key: string): unknown {
  try {
    const text = globalThis.localStorage?.getItem(STORAGE_PREFIX + key);
    return text == null ? undefined : JSON.parse(text);
  } catch (error) {
    console.warn(`stored ${key} can't be read, its default is used`, error);
    return undefined;
  }
}

/**
 * Stores `value` as JSON. A full or forbidden storage costs only the memory of a choice, so it is only warned
 * of.
 */
export function writeStored(key: string, value: unknown): void {
  try {
    globalThis.localStorage?.setItem(STORAGE_PREFIX + key, JSON.stringify(value));
  } catch (error) {
    console.warn(`${key} can't be stored`, error);
  }
}

/**
 * Puts `text` on the clipboard. The window denies every permission, the clipboard's included, so a selected
 * text field is the fallback.
 */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    if (!copyBySelection(text)) throw error;
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  const focused = document.activeElement;
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}

/**
 * Marks in the page's own timeline, once, that what is rendered now has been painted; the benches and tests
 * read it.
 */
export function markPainted(name: string): void {
  if (performance.getEntriesByName(name).length > 0) return;
  // The first frame starts the painting, the second one comes when it is done.
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark(name)));
}

/** Whether this is a Mac, where shortcuts are written with ⌘. */
export function isMac(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
}

/** Moves the focus to the element with this id, where there is one. */
export function focusElement(id: string): void {
  document.getElementById(id)?.focus();
}

/** Has the browser download a URL. */
export function startDownload(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Lets the user choose a file; null when they close the dialog. `accept` as for an `<input type="file">`. */
export function pickFile(accept: string): Promise<File | null> {
  return new Promise((resolve) => {
    const field = document.createElement('input');
    field.type = 'file';
    field.accept = accept;
    field.onchange = () => resolve(field.files?.[0] ?? null);
    field.oncancel = () => resolve(null);
    field.click();
  });
}
