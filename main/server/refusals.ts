import type { RefusalsView, RefusedRequestView } from '../contract/snapshot.ts';
import type { Redactor } from '../traces/record/redact.ts';

/** Kept in memory; older ones are only counted. */
const KEPT = 100;
/** Longest part of a path that is kept. */
const MAX_PATH = 200;
/** Whoever sends thousands a second has them announced once. */
const ANNOUNCE_MS = 1_000;

/**
 * What the gate refused (SECURITY.md §3). No trace is made of it: any page and program can send it without
 * end, and would push out the traces of real calls.
 */
export class Refusals {
  readonly #redactor: Redactor;
  readonly #announce: () => void;
  readonly #latest: RefusedRequestView[] = [];
  /** Since the start. */
  count = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(redactor: Redactor, announce: () => void = () => undefined) {
    this.#redactor = redactor;
    this.#announce = announce;
  }

  add({ method, path, reason }: Pick<RefusedRequestView, 'method' | 'path' | 'reason'>): void {
    const { text } = this.#redactor;
    this.count += 1;
    // Masked first: of a secret that is cut, no mask matches the rest.
    const shown = { path: text(path).slice(0, MAX_PATH), reason: text(reason) };
    this.#latest.push({ at: Date.now(), method, ...shown });
    if (this.#latest.length > KEPT) this.#latest.shift();
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#announce();
    }, ANNOUNCE_MS).unref();
  }

  /** The newest, for those who miss it among the traces. */
  notices(): readonly string[] {
    const last = this.#latest.at(-1);
    if (last === undefined) return [];
    return [`A request was refused and left no trace: ${last.reason}. Settings lists the last ${KEPT}.`];
  }

  /** The newest first. */
  view(): RefusalsView {
    return { count: this.count, latest: this.#latest.toReversed() };
  }
}
