/** Holds the answers of execute routes against the traces that the Inspector's stream announces. */
export class Witness {
  /** Answers whose trace has not come yet, by the trace's id: their status. */
  #answered = new Map();
  /** Traces whose answer has not come, or never will, since the client left. */
  #traced = new Map();
  #lastSeq = 0;
  /** What was seen to be wrong. */
  problems = [];
  answers = 0;
  traces = 0;

  /** Every answer past the gate names its trace. */
  answer({ status, headers }) {
    this.answers += 1;
    const id = /^00-[0-9a-f]{32}-([0-9a-f]{16})-/.exec(headers.traceparent ?? '')?.[1];
    if (id === undefined) this.problems.push(`an answer with ${status} names no trace`);
    else if (this.#traced.has(id)) this.#match(id, status, this.#traced.get(id));
    else this.#answered.set(id, status);
  }

  /** An event of the stream. */
  event(name, payload) {
    if (name !== 'traces') return;
    for (const { id, seq, status } of payload.traces) {
      this.traces += 1;
      if (seq !== this.#lastSeq + 1) this.problems.push(`trace ${seq} followed ${this.#lastSeq}`);
      this.#lastSeq = seq;
      if (this.#answered.has(id)) this.#match(id, this.#answered.get(id), status);
      else this.#traced.set(id, status);
    }
  }

  /** The stream ended by itself. */
  ended() {
    this.problems.push("the Inspector's stream ended");
  }

  /** Answers that no trace tells of. */
  get untraced() {
    return this.#answered.size;
  }

  /** Traces that belong to no answer: of clients that left. */
  get unanswered() {
    return this.#traced.size;
  }

  #match(id, answered, traced) {
    this.#answered.delete(id);
    this.#traced.delete(id);
    if (answered !== traced) this.problems.push(`trace ${id} says ${traced}, the answer was ${answered}`);
  }
}
