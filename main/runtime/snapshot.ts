import { homedir } from 'node:os';
import type { FindingCount } from '../contract/finding.ts';
import { CONTRACT_VERSION } from '../contract/http.ts';
import type { PluginView } from '../contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../contract/snapshot.ts';
import type { EnginePlugin } from '../plugins/engine/types.ts';
import type { Readiness } from '../server/app.ts';
import type { Listening } from '../server/connection/listen.ts';
import type { Refusals } from '../server/refusals.ts';
import type { Parts } from './parts.ts';
import { runningVersions } from './versions.ts';

/** What changes while a runtime lives. */
export interface State {
  phase: 'starting' | 'ready' | 'stopping';
  startedAt: number;
  listening: Listening | null;
}

/** Everything that the frame around the screens shows, as it is now. */
export function takeSnapshot(
  parts: Parts & { readonly refusals: Refusals },
  state: State,
  shell: RuntimeSnapshot['shell'],
  baseUrl: string,
): RuntimeSnapshot {
  const { config, engine, traces, authSwitch, refusals } = parts;
  const { auth, devIssuer, isTrial } = authSwitch.current();
  const at = Date.now();
  const { ready, reason } = readiness(state);
  const portNotice = state.listening?.notice;
  return {
    at,
    baseUrl,
    ready,
    shell,
    startedAt: state.startedAt,
    notReadyReason: reason,
    health: {
      status: 'healthy',
      app_id: config.app.appId,
      app_tier: config.appTier,
      plugins_loaded: engine.loadedCount(),
    },
    appName: config.appName,
    authMode: auth.mode,
    tokenRequired: auth.mode === 'external' || auth.requireToken,
    monetization: config.monetization.isOn,
    timeoutMs: config.timeoutMs,
    folder: engine.folder(),
    homePath: homedir(),
    plugins: engine.list().map((plugin) => withStats(parts, plugin)),
    lastReload: engine.lastReload(),
    reloads: engine.reloadStats(),
    activity: traces.activity(at),
    refusedCount: refusals.count,
    notices: [
      ...[...config.notices, portNotice, isTrial ? TRIAL_NOTICE : null, devIssuer?.notice()].filter(isText),
      ...authSwitch.authenticator.notices(),
      ...traces.notices(),
      ...(parts.otlp?.notices() ?? []),
      ...[parts.database?.problem].filter(isText),
      ...refusals.notices(),
    ],
    driver: parts.driver.view(),
    mongodb: parts.database?.view() ?? null,
    versions: runningVersions(),
    contractVersion: CONTRACT_VERSION,
  };
}

function isText(notice: string | null | undefined): notice is string {
  return typeof notice === 'string';
}

export function withStats(
  { traces, mutes }: Pick<Parts, 'traces' | 'mutes'>,
  plugin: EnginePlugin,
): PluginView {
  const stats = traces.pluginStats(plugin.name);
  const isMuted = ({ rule, collection }: FindingCount) => rule === 'not-scoped' && mutes.has(collection);
  return { ...plugin, stats: { ...stats, findings: stats.findings.filter((one) => !isMuted(one)) } };
}

export function readiness({ phase }: State): Readiness {
  if (phase === 'ready') return { ready: true, reason: null };
  const reason =
    phase === 'starting' ? 'The first scan of the plugins is not done' : 'The runtime is stopping';
  return { ready: false, reason };
}

export function urlOf({ host, port }: { host: string; port: number }): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A client that works in local mode gets 401 now; this says why. */
const TRIAL_NOTICE =
  'External mode with the development issuer, chosen while running: every call needs one of its tokens. The Tokens screen leads back.';
