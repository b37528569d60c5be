import { BUS_LIMITS, type BusEvent, type EventDelivery } from '../contract/event-bus.ts';
import type { RelayRecord } from '../plugins/engine/relay-record.ts';
import { maskDetail } from '../traces/record/build.ts';
import type { Redactor } from '../traces/record/redact.ts';

interface Remembered {
  readonly seq: number;
  readonly record: RelayRecord;
  /** Masked when somebody first looks at it: there may be thousands a second, and nobody. */
  shown: string | null | undefined;
}

/** The last events of the bus, in memory alone. They leave it masked. */
export class BusHistory {
  readonly #redactor: Redactor;
  #remembered: Remembered[] = [];
  readonly #byRecord = new WeakMap<RelayRecord, Remembered>();
  readonly #listeners = new Set<(seq: number) => void>();
  #nextSeq = 1;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** Takes a new event, or what has become of one. */
  note(record: RelayRecord): void {
    const { seq } = this.#byRecord.get(record) ?? this.#add(record);
    for (const listener of this.#listeners) listener(seq);
  }

  /** Called with the number of an event that is new or has changed. Returns `unsubscribe`. */
  onChanged(listener: (seq: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Those with these numbers that are still remembered, the newest last; default: all. */
  events(seqs?: ReadonlySet<number>): readonly BusEvent[] {
    const chosen = this.#remembered.filter(({ seq }) => seqs?.has(seq) ?? true);
    return chosen.map((remembered) => this.#show(remembered));
  }

  /** An event as it is now, also where it is no longer remembered. */
  view(record: RelayRecord): BusEvent {
    return this.#show(this.#byRecord.get(record) ?? this.#add(record));
  }

  clear(): void {
    this.#remembered = [];
  }

  #add(record: RelayRecord): Remembered {
    const isShort = record.data.length <= BUS_LIMITS.maskedLength;
    const remembered: Remembered = { seq: this.#nextSeq++, record, shown: isShort ? undefined : null };
    this.#byRecord.set(record, remembered);
    this.#remembered.push(remembered);
    if (this.#remembered.length > BUS_LIMITS.events) this.#remembered.shift();
    return remembered;
  }

  #show(remembered: Remembered): BusEvent {
    const { seq, record } = remembered;
    const { at, event, data, cause, deliveries } = record;
    if (remembered.shown === undefined) {
      remembered.shown = maskDetail(data, this.#redactor).slice(0, BUS_LIMITS.shownLength);
    }
    const name = this.#redactor.text(event);
    const shown = [...deliveries].slice(0, BUS_LIMITS.deliveries).map(([plugin, state]) => {
      const isOwn = cause.kind === 'plugin' && cause.plugin === plugin;
      return { plugin, isOwn, state: this.#mask(state) };
    });
    return { seq, at, name, data: remembered.shown, length: data.length, cause, deliveries: shown };
  }

  /** Errors of subscribers are texts of the plugin's own. */
  #mask(state: EventDelivery['state']): EventDelivery['state'] {
    if (state.kind === 'lost') return { ...state, reason: this.#redactor.text(state.reason) };
    if (state.kind !== 'ended') return state;
    const { text } = this.#redactor;
    const subscribers = state.subscribers.map((end) => ({
      ...end,
      name: text(end.name),
      error: end.error === null ? null : text(end.error),
    }));
    return { ...state, subscribers };
  }
}
