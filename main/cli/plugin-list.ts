import { WorkbenchError } from '../contract/errors.ts';
import { authorizationHeader, type PluginListEntry, ROUTES } from '../contract/http.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { httpCall } from '../system/http-call.ts';
import { type CommandContext, Interrupted } from './command.ts';
import { type CallTarget, toNotReady } from './target/call-target.ts';
import { parseBody } from './target/plugin-call.ts';

const LIST_MS = 10_000;
/** A folder of hundreds is compiled in a few seconds. */
const LOADING_MS = 60_000;

/**
 * The list of plugins as a client gets it; of a runtime that was started here once it knows them all.
 * @throws {WorkbenchError} NOT_READY when nothing answers; {Interrupted} on Ctrl+C
 */
export async function listPlugins(
  { baseUrl, started }: CallTarget,
  token: string | null,
  { signal }: Pick<CommandContext, 'signal'>,
): Promise<{ readonly plugins: readonly PluginListEntry[] } | { readonly refusal: string }> {
  try {
    if (started !== null) await allLoaded(started, signal);
    const { status, body } = await httpCall({
      ...{ method: 'GET', url: `${baseUrl}${ROUTES.plugins}`, body: null, timeoutMs: LIST_MS, signal },
      headers: authorizationHeader(token),
    });
    const answer = parseBody(body) as { readonly plugins?: unknown; readonly detail?: unknown } | null;
    if (status === 200 && Array.isArray(answer?.plugins)) return { plugins: answer.plugins };
    const detail = typeof answer?.detail === 'string' ? `: ${answer.detail}` : '';
    const remedy = status === 401 ? '; give --as or --token' : '';
    return { refusal: `${baseUrl} does not list its plugins (${status}${detail})${remedy}` };
  } catch (error) {
    throw signal.aborted ? new Interrupted() : toNotReady(baseUrl, error);
  }
}

/** @throws {WorkbenchError} NOT_FOUND when there is no such folder: an empty list would hide that */
export function assertFolder(started: Runtime | null): void {
  const folder = started?.engine.folder();
  if (folder?.state !== 'missing') return;
  throw new WorkbenchError(
    'NOT_FOUND',
    `The plugins' folder ${folder.path} is missing: make it, or give --plugins`,
  );
}

function allLoaded({ engine }: Runtime, signal: AbortSignal): Promise<void> {
  const isLoading = () => engine.list().some(({ status }) => status === 'loading');
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(limit);
      release();
      signal.removeEventListener('abort', done);
      resolve();
    };
    // Past it the list says which are still loading.
    const limit = setTimeout(done, LOADING_MS);
    const release = engine.on('changed', () => isLoading() || done());
    signal.addEventListener('abort', done, { once: true });
    if (!isLoading() || signal.aborted) done();
  });
}
