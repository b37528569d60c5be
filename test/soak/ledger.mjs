import { percentile } from '../bench/statistics.mjs';

const VERSION_HEADER = 'x-mozaiks-runtime-version';
/** So many wrong answers are told in full. */
const TOLD = 10;

/** What was sent, by kind, and what was wrong with the answers. */
export class Ledger {
  /** Told first to last. */
  wrongs = [];
  wrongCount = 0;
  #kinds = new Map();

  /**
   * Notes one exchange. `send` resolves with the answer, with null when the client left, or with undefined when
   * there is nothing to check; `check` says what is wrong with an answer, or null.
   * @returns the answer, or null
   */
  async note(kind, send, check) {
    const figures = this.#of(kind);
    figures.sent += 1;
    const began = performance.now();
    try {
      const answer = await send();
      if (answer === null) {
        figures.left += 1;
        return null;
      }
      figures.waits.push(performance.now() - began);
      if (answer === undefined) return null;
      const wrong = versionProblem(answer) ?? check(answer);
      if (wrong !== null) this.#wrong(kind, `${wrong}: ${answer.status} ${answer.text.slice(0, 300)}`);
      return answer;
    } catch (error) {
      this.#wrong(kind, error.message);
      return null;
    }
  }

  #wrong(kind, words) {
    this.#of(kind).wrong += 1;
    this.wrongCount += 1;
    if (this.wrongs.length < TOLD) this.wrongs.push(`${kind}: ${words}`);
  }

  /** Calls whose client left before the answer. */
  get left() {
    return [...this.#kinds.values()].reduce((sum, { left }) => sum + left, 0);
  }

  /** One row a kind; the first is the head. */
  rows() {
    const whole = (ms) => (Number.isNaN(ms) ? '' : `${ms.toFixed(0)} ms`);
    return [
      ['', 'begun', 'done', 'left', 'wrong', 'p50', 'max'],
      ...[...this.#kinds].map(([kind, { sent, left, wrong, waits }]) => [
        ...[kind, sent, waits.length, left, wrong],
        ...[0.5, 1].map((share) => whole(percentile(waits, share))),
      ]),
    ];
  }

  #of(kind) {
    const figures = this.#kinds.get(kind) ?? { sent: 0, left: 0, wrong: 0, waits: [] };
    this.#kinds.set(kind, figures);
    return figures;
  }
}

function versionProblem({ headers }) {
  return headers[VERSION_HEADER] === '1.0.0' ? null : 'no version header';
}

/** The checks: what is wrong with an answer to a call, or null. */
export function answersWith(expected) {
  return ({ status, text }) => {
    if (status !== 200) return 'not 200';
    const body = jsonOf(text);
    const other = Object.keys(expected).find((key) => body?.[key] !== expected[key]);
    return other === undefined ? null : `${other} is not ${JSON.stringify(expected[other]).slice(0, 80)}`;
  };
}

/** `detail`: the beginning of the error's text. */
export function failsWith(status, code, detail = '') {
  return (answer) => {
    const body = jsonOf(answer.text);
    const isRight =
      answer.status === status && body?.error_code === code && String(body.detail).startsWith(detail);
    return isRight ? null : `not ${status} ${code} "${detail}"`;
  };
}

export function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
