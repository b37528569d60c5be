import type { TraceRef } from '../../../main/contract/trace-file.ts';
import type { Route } from '../app/route.ts';

/** A trace in an address: its id, followed by `@` and the file's id if it is from an opened file. */
export function formatRef({ id, file }: TraceRef): string {
  return file === null ? id : `${id}@${file}`;
}

export function parseRef(text: string): TraceRef {
  const [id = '', file] = text.split('@', 2);
  return { id, file: file === undefined || file === '' ? null : file };
}

/** The opened file whose traces the list shows, or null for the runtime's own. */
export function shownFile({ params }: Pick<Route, 'params'>): string | null {
  return params.file || null;
}

/**
 * The two traces that an address such as `?compare=4bf9…,00f0…@f1` names; null unless it names exactly two.
 */
export function comparedRefs({ params }: Pick<Route, 'params'>): readonly [a: string, b: string] | null {
  const [a, b, ...rest] = (params.compare ?? '').split(',');
  return a && b && rest.length === 0 ? [a, b] : null;
}
