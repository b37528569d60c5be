import type { ErrorCode } from '../../../main/contract/errors.ts';
import type {
  AnswerOf,
  ArgumentOf,
  InspectorEventName,
  InspectorEvents,
  InspectorName,
} from '../../../main/contract/inspector.ts';
import type { TraceSummary } from '../../../main/contract/trace.ts';
import type { Bridge, Connection } from '../../../renderer/bridge.ts';

export type Answers = {
  [N in InspectorName]?: (argument: ArgumentOf<N>) => AnswerOf<N> | Promise<AnswerOf<N>>;
};

export interface StubBridge {
  readonly bridge: Bridge;
  /** Every call so far, oldest first. */
  readonly calls: readonly { readonly name: InspectorName; readonly argument: unknown }[];
  readonly answers: Answers;
  emit<E extends InspectorEventName>(event: E, payload: InspectorEvents[E]): void;
  connect(state: Connection['state']): void;
}

/** A refusal that a stubbed answer throws. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A bridge that answers from `answers`; events and connection are the test's to send. */
export function createStubBridge(answers: Answers): StubBridge {
  const calls: { name: InspectorName; argument: unknown }[] = [];
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const connections = new Set<(connection: Connection) => void>();
  const subscribe = (event: string, listener: (payload: never) => void) => {
    const set = listeners.get(event) ?? new Set();
    listeners.set(event, set.add(listener));
    return () => set.delete(listener);
  };
  const bridge: Bridge = {
    async call(name, argument) {
      calls.push({ name, argument });
      const answer = answers[name];
      if (!answer) throw new Error(`the test has no answer for ${name}`);
      try {
        return { ok: true, value: await answer(argument) };
      } catch (error) {
        if (error instanceof Refusal)
          return { ok: false, error: { code: error.code, message: error.message } };
        throw error;
      }
    },
    on: (event, listener) => subscribe(event, listener as (payload: never) => void),
    onConnection(listener) {
      connections.add(listener);
      listener({ state: 'connecting', since: 0 });
      return () => connections.delete(listener);
    },
  };
  return {
    bridge,
    calls,
    answers,
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) listener(payload as never);
    },
    connect(state) {
      for (const listener of connections) listener({ state, since: 0 });
    },
  };
}

/** The summary of the trace number `seq`. */
export function traceSummary(seq: number, changes: Partial<TraceSummary> = {}): TraceSummary {
  return {
    id: seq.toString(16).padStart(16, '0'),
    seq,
    startedAt: 1_700_000_000_000 + seq,
    durationMs: 3.1,
    plugin: 'echo',
    outcome: 'ok',
    status: 200,
    errorCode: null,
    user: 'user_123',
    spoofed: false,
    ...changes,
  };
}
