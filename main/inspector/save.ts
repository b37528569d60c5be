import type { SaveOutcome } from '../contract/save.ts';
import type { HandlerDeps } from './deps.ts';

/** Has a file saved under a name that the user may change: by the desktop's dialog, or as what a browser fetches. */
export async function saveFile(
  { desktop, downloads }: Pick<HandlerDeps, 'desktop' | 'downloads'>,
  name: string,
  chunks: AsyncIterable<string>,
): Promise<SaveOutcome> {
  if (desktop === null) return { state: 'download', id: downloads.offer({ name, chunks }), name };
  const path = await desktop.saveFile(name, chunks);
  return path === null ? { state: 'cancelled' } : { state: 'saved', path };
}
