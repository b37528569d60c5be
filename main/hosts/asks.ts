import type { Json } from '../contract/http.ts';

/** Who asks: a plugin, and the call in which it does; null outside of any. */
export interface Asker {
  readonly plugin: string;
  readonly call: number | null;
  /** The id of that call's trace; null where there is none. */
  readonly trace: string | null;
}

/** Answers one kind of question. What it throws reaches the plugin as an error with its message. */
export type AskHandler = (argument: Json, asker: Asker) => Json | Promise<Json>;

/**
 * What the stubs in plugins' processes can ask of the runtime, by name (`settings.get`): production's modules
 * ask its database, or each other. The argument comes from a plugin's process: check it.
 */
export class AskHandlers {
  readonly #handlers = new Map<string, AskHandler>();

  /** Returns `unregister`. */
  register(name: string, handler: AskHandler): () => void {
    this.#handlers.set(name, handler);
    return () => {
      if (this.#handlers.get(name) === handler) this.#handlers.delete(name);
    };
  }

  /** Rejects with what the handler throws, or because nothing answers `name`. */
  async answer(name: string, argument: Json, asker: Asker): Promise<Json> {
    const handler = this.#handlers.get(name);
    if (handler === undefined) throw new Error(`this runtime doesn't answer '${name}'`);
    return handler(argument, asker);
  }
}
