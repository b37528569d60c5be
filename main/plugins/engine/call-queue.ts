export interface QueuePlace {
  /** Whether it was this call's turn on arrival. */
  readonly immediate: boolean;
  /** Resolves when it is this call's turn; never if it left before. */
  readonly turn: Promise<void>;
  /** Ends the turn, or gives up the place in the queue. Safe to call twice. */
  leave(): void;
}

const NOW = Promise.resolve();

/**
 * Lets at most `limit` calls run at once; the others wait in order of arrival (PLUGIN_EXEC_MAX_CONCURRENCY).
 */
export class CallQueue {
  readonly #limit: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  enter(): QueuePlace {
    if (this.#running < this.#limit) {
      this.#running += 1;
      return { immediate: true, turn: NOW, leave: callOnce(() => this.#end()) };
    }
    let start: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      start = resolve;
    });
    this.#waiting.push(start);
    return { immediate: false, turn, leave: callOnce(() => this.#leave(start)) };
  }

  #leave(start: () => void): void {
    const index = this.#waiting.indexOf(start);
    if (index >= 0) this.#waiting.splice(index, 1);
    else this.#end();
  }

  #end(): void {
    this.#running -= 1;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#running += 1;
    next();
  }
}

function callOnce(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
