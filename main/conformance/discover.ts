import { WorkbenchError } from '../contract/errors.ts';
import { ROUTES } from '../contract/http.ts';
import { PLUGIN_NAME } from '../contract/plugin-name.ts';
import type { CheckContext } from './clause.ts';
import { type Observed, send } from './exchange.ts';
import { get } from './requests.ts';

/** The example plugin that answers with what it was given; clauses about the context need it. */
export const PROBE = 'whoami';

/**
 * What another runtime says of itself, asked over HTTP: whether it answers without a token, and which plugins it has.
 * @param target its origin
 * @throws {WorkbenchError} NOT_READY when nothing answers there: judging every clause of it would only take long
 */
export async function discoverContext(
  target: URL,
  caller: CheckContext['caller'],
  signal: AbortSignal,
): Promise<CheckContext> {
  const anonymous = await ask(target, {}, signal);
  const answer =
    caller === null ? anonymous : await ask(target, { Authorization: `Bearer ${caller.token}` }, signal);
  const runnable = runnablePlugins(answer);
  return {
    caller,
    anonymousAllowed: anonymous.status === 200,
    plugin: runnable[0] ?? null,
    probe: runnable.includes(PROBE) ? PROBE : null,
    // Nothing tells it from outside, and a guess would send a megabyte to find out.
    maxBodyBytes: null,
  };
}

async function ask(target: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Observed> {
  try {
    return await send(target, get(ROUTES.plugins, headers), signal);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError('NOT_READY', `No runtime answers at ${target.origin}: ${why}`, { cause: error });
  }
}

/** Names of the plugins that are enabled, as far as the answer is of the contract's shape. */
function runnablePlugins({ body }: Observed): string[] {
  try {
    const { plugins } = JSON.parse(body) as { plugins?: unknown };
    return Array.isArray(plugins) ? plugins.filter(isRunnable).map(({ name }) => name) : [];
  } catch {
    return []; // No JSON: then no plugin is known, and clauses that need one say so.
  }
}

function isRunnable(entry: unknown): entry is { name: string } {
  if (typeof entry !== 'object' || entry === null) return false;
  const { name, enabled, status } = entry as Record<string, unknown>;
  return typeof name === 'string' && PLUGIN_NAME.test(name) && enabled !== false && status !== 'failed';
}
