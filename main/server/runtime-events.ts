import type { CallReport, PluginEngine } from '../plugins/engine/types.ts';

/** Events that production itself publishes, for plugins that subscribe to them. */

export interface ExecutedCall {
  readonly plugin: string;
  readonly appId: string;
  readonly userId: string;
  readonly report: CallReport;
  /** The id of the call's trace. */
  readonly trace: string;
}

/**
 * A plugin has answered. As in production an answer with `error` is none, and one that can't be encoded is:
 * that fails only afterwards.
 */
export function publishExecuted(
  engine: PluginEngine,
  { plugin, appId, userId, report, trace }: ExecutedCall,
): void {
  const { result, runMs } = report;
  const hasAnswered = result.kind === 'invalid' || (result.kind === 'returned' && !('error' in result.value));
  if (!hasAnswered) return;
  const data = { app_id: appId, plugin, user: userId, execution_time: runMs / 1000 };
  engine.publish('plugin_executed', data, trace);
}

export interface FailedRequest {
  readonly url: string;
  readonly method: string;
  readonly error: string;
  /** The id of its trace; null where it leaves none. */
  readonly trace: string | null;
}

/** Something failed that nobody foresaw; in production an answer that can't be encoded, too. */
export function publishApiError(engine: PluginEngine, { url, method, error, trace }: FailedRequest): void {
  engine.publish('api_error', { path: url, method, error }, trace);
}
