import type { ChildWork } from '../../../../contract/child-span.ts';
import { HOST_LIMITS } from '../../../../contract/host.ts';
import type { Send } from '../channel.ts';

/** A child span as it ended, or as far as it got until its call ended. */
export interface ChildEnd {
  readonly work: ChildWork;
  readonly error: string | null;
  readonly scope?: string | undefined;
  /** Default: from its beginning until now. */
  readonly durationMs?: number;
}

/** The child spans of one call: each is told once, when it ends or when its call does. */
export class Children {
  readonly #id: number;
  readonly #send: Send;
  readonly #open = new Set<() => void>();
  #begun = 0;
  #closed = false;

  constructor(id: number, send: Send) {
    this.#id = id;
    this.#send = send;
  }

  /** What begins now will only be counted: it needs no details. */
  get isFull(): boolean {
    return this.#begun >= HOST_LIMITS.children;
  }

  /** @returns what ends it; it may be called more than once */
  begin(describe: () => ChildEnd): () => void {
    if (this.#closed) return () => undefined;
    this.#begun += 1;
    const at = Date.now();
    const from = performance.now();
    const end = () => {
      if (!this.#open.delete(end)) return;
      const { durationMs = performance.now() - from, ...rest } = describe();
      this.#send({ type: 'child', id: this.#id, at, durationMs, ...rest });
    };
    this.#open.add(end);
    return end;
  }

  /** The call has ended: nobody waits for what is still going on. */
  close(): void {
    this.#closed = true;
    for (const end of this.#open) end();
  }
}
