import { type ErrorCode, WorkbenchError } from '../../../main/contract/errors.ts';

/** Something that is fetched: a failed load is a state of its own, never an empty list. */
export type Loadable<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: Failure }
  | { readonly state: 'ready'; readonly value: T; readonly at: number };

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

export const LOADING: Loadable<never> = { state: 'loading' };

export function ready<T>(value: T, at = Date.now()): Loadable<T> {
  return { state: 'ready', value, at };
}

export function failed(error: unknown): Loadable<never> {
  return { state: 'failed', error: toFailure(error) };
}

/** What an unknown error says to the user. */
export function toFailure(error: unknown): Failure {
  if (error instanceof WorkbenchError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL_ERROR', message: error instanceof Error ? error.message : String(error) };
}

/** Runs `load` and gives its outcome as a Loadable; never rejects. */
export async function settle<T>(load: Promise<T>): Promise<Loadable<T>> {
  return load.then((value) => ready(value), failed);
}

/** The value when it is there. */
export function readyValue<T>(load: Loadable<T>): T | undefined {
  return load.state === 'ready' ? load.value : undefined;
}
