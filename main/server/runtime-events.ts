import type { CallReport, PluginEngine } from '../plugins/engine/types.ts';

/** Events that production itself publishes, for plugins that subscribe to them. */

export interface ExecutedCall {
  readonly plugin: string;
  readonly appId: string;
  readonly userId: string;
  readonly report: CallReport;
}

/**
 * A plugin has answered. As in production an answer with `error` is none, and one that can't be encoded is:
 * that fails only afterwards.
 */
export function publishExecuted(engine: PluginEngine, { plugin, appId, userId, report }: ExecutedCall): void {
  const { result, runMs } = report;
  const hasAnswered = result.kind === 'invalid' || (result.kind === 'returned' && !('error' in result.value));
  if (!hasAnswered) return;
  engine.publish('plugin_executed', { app_id: appId, plugin, user: userId, execution_time: runMs / 1000 });
}

/** Something failed that nobody foresaw; in production an answer that can't be encoded, too. */
export function publishApiError(
  engine: PluginEngine,
  { url, method, error }: { readonly url: string; readonly method: string; readonly error: string },
): void {
  engine.publish('api_error', { path: url, method, error });
}
