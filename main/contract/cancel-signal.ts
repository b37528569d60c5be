/**
 * What a call needs of an `AbortSignal`, which is one of these. Making a real one for each request, transferable to threads as it
 * is, costs more than all that is done with it.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
