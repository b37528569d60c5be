import type { Log } from '../../../system/log.ts';
import type { Catalog } from '../catalog.ts';
import type { Cursors } from '../cursors.ts';
import { makeDouble } from '../numbers.ts';
import type { Document, Value } from '../values.ts';
import type { Arguments } from './arguments.ts';

/** What commands work on. */
export interface CommandContext {
  readonly catalog: Catalog;
  readonly cursors: Cursors;
  readonly log: Log;
  readonly startedAt: number;
}

export interface CommandInput {
  readonly arguments: Arguments;
  /** Documents of a field, wherever in the message they came. @throws {DatabaseError} when there are none */
  documents(field: string): readonly RawDocument[];
}

export interface RawDocument {
  readonly raw: Uint8Array;
  readonly document: Document;
}

export interface Command {
  /** The fields that it has beside the generic ones. */
  readonly fields: readonly string[];
  /** @returns the reply: with bytes as they are, or without its `ok` */
  run(input: CommandInput, context: CommandContext): Document | Uint8Array;
}

export type Commands = Readonly<Record<string, Command>>;

export function reply(...fields: readonly (readonly [string, Value])[]): Document {
  return new Map(fields);
}

/** What a reply ends with. */
export const OK: readonly [string, Value] = ['ok', makeDouble(1)];
