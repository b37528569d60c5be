export interface QueuePlace {
  /** It was this call's turn on arrival. */
  readonly immediate: boolean;
  /** Resolves when it is this call's turn; never, when it left before. */
  readonly turn: Promise<void>;
  /** Ends the turn, or gives up the place in the line. Safe to call twice. */
  leave(): void;
}

const NOW = Promise.resolve();

/** Lets at most `limit` calls run at once; the others wait in order of arrival (PLUGIN_EXEC_MAX_CONCURRENCY). */
export class CallQueue {
  readonly #limit: number;
  #running = 0;
  readonly #line: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  enter(): QueuePlace {
    if (this.#running < this.#limit) {
      this.#running += 1;
      return { immediate: true, turn: NOW, leave: once(() => this.#end()) };
    }
    let begin: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      begin = resolve;
    });
    this.#line.push(begin);
    return { immediate: false, turn, leave: once(() => this.#leave(begin)) };
  }

  #leave(begin: () => void): void {
    const waiting = this.#line.indexOf(begin);
    if (waiting >= 0) this.#line.splice(waiting, 1);
    else this.#end();
  }

  #end(): void {
    this.#running -= 1;
    const next = this.#line.shift();
    if (next === undefined) return;
    this.#running += 1;
    next();
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
