import type { HostMessage } from '../contract/host.ts';

/** Where a process listens for debuggers, on 127.0.0.1. */
export interface InspectorAddress {
  readonly port: number;
  /** Of its WebSocket, `/<id>`; empty where debuggers use the bare connection (debugpy). */
  readonly path: string;
  /** What each connection to the port must begin with; null where the path is the secret (Node). */
  readonly token: string | null;
}

export type InspectorAnswer =
  | { readonly ok: true; readonly address: InspectorAddress }
  | { readonly ok: false; readonly reason: string };

type InspectionMessage = Extract<HostMessage, { type: 'inspecting' | 'not-inspecting' }>;

/** A process that is stuck in the plugin's own code can't open its inspector. */
const ANSWER_TIMEOUT_MS = 3_000;

/** Asks one process to listen for debuggers, at most once; always settles. */
export class Inspection {
  #answer: Promise<InspectorAnswer> | null = null;
  #settle: (answer: InspectorAnswer) => void = () => undefined;

  /** `send` asks the process. A second call returns the first answer without asking again. */
  open(send: () => void): Promise<InspectorAnswer> {
    this.#answer ??= new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve({ ok: false, reason: BUSY });
      }, ANSWER_TIMEOUT_MS);
      this.#settle = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      send();
    });
    return this.#answer;
  }

  receive(message: InspectionMessage): void {
    if (message.type === 'not-inspecting') this.#settle({ ok: false, reason: message.reason });
    else {
      const { port, path, token = null } = message;
      this.#settle({ ok: true, address: { port, path, token } });
    }
  }

  /** The process is gone. */
  lose(reason: string): void {
    this.#settle({ ok: false, reason });
  }
}

const BUSY = `its process did not open a debugger's port within ${ANSWER_TIMEOUT_MS / 1000} s: it is busy in the plugin's own code, or can't`;
