import type { Page } from '../../../renderer/page.ts';

export interface StubPage extends Page {
  /** The address's hash, without its `#`. */
  readonly hash: () => string;
  /** What is stored, as JSON text by key. */
  readonly stored: ReadonlyMap<string, string>;
  readonly downloads: readonly string[];
}

/** A page with an address, a storage and nothing else. It starts at `hash`, with these values stored. */
export function createStubPage(hash = '', values: Readonly<Record<string, unknown>> = {}): StubPage {
  const listeners = new Set<() => void>();
  const stored = new Map(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
  const downloads: string[] = [];
  let current = hash;
  return {
    hash: () => current,
    stored,
    downloads,
    readHash: () => current,
    writeHash(next) {
      current = next;
      for (const listener of listeners) listener();
    },
    onHash(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    readStored(key) {
      const text = stored.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    writeStored: (key, value) => void stored.set(key, JSON.stringify(value)),
    startDownload: (url) => void downloads.push(url),
    onFocus: () => () => undefined,
    pickFile: async () => null,
  };
}
