import { deliveryTo } from '../contract/delivery.ts';
import { HOST_LIMITS } from '../contract/host.ts';
import type { ChildMessage, ConsoleMessage, EventMessage, PendingCall } from './pending.ts';

type RecordMessage = ConsoleMessage | EventMessage | ChildMessage;

interface CallRecordsDeps {
  /** Undefined when the call has ended, or when there never was one: ids come from the process. */
  readonly find: (id: number) => PendingCall | undefined;
  /** A line written outside of any call. */
  readonly onLine: (text: string) => void;
}

/** What a process tells of its calls while they run: lines, events and child spans, each for the call it names. */
export class CallRecords {
  readonly #deps: CallRecordsDeps;
  #outsideLines = 0;

  constructor(deps: CallRecordsDeps) {
    this.#deps = deps;
  }

  receive(message: RecordMessage): void {
    if (message.id === null) this.#noteOutside(message);
    else this.#addTo(this.#deps.find(message.id), message);
  }

  /** An event that the call published went to these plugins. */
  noteRelayed(call: number | null, name: string, source: string, plugins: readonly string[]): void {
    if (call === null) return;
    const detail = JSON.stringify(deliveryTo(plugins));
    const event = { type: 'event', id: call, at: Date.now(), kind: 'delivered' } as const;
    this.#deps.find(call)?.addEvent({ ...event, name, detail, source });
  }

  #addTo(call: PendingCall | undefined, message: RecordMessage): void {
    if (message.type === 'console') call?.addLine(message);
    else if (message.type === 'event') call?.addEvent(message);
    else call?.addChild(message);
  }

  #noteOutside(message: RecordMessage): void {
    if (message.type === 'child') return;
    this.#outsideLines += 1;
    if (this.#outsideLines <= HOST_LIMITS.consoleLines) this.#deps.onLine(textOf(message));
  }
}

/** An event without its detail: only a trace is masked by key. */
function textOf(message: ConsoleMessage | EventMessage): string {
  if (message.type === 'console') return message.text;
  return `outside of any call, stub for ${message.source}: ${message.kind} ${message.name}`;
}
