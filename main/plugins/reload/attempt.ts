import type { Language, PluginFailure, ReloadRecord } from '../../contract/plugin-view.ts';
import { maskTokens } from '../../system/jwt-pattern.ts';
import type { Plugin } from '../engine/plugin.ts';
import type { BundleStore } from '../version/bundles.ts';
import { type DiscoveredPlugin, discover } from '../version/discover.ts';
import { failureAt, failureOfLoad } from '../version/failure.ts';
import { loadManifest } from '../version/manifest.ts';
import { LANGUAGE_SUPPORT } from '../version/prepare.ts';
import type { Version } from '../version/serving.ts';

export interface ReloadRequest {
  readonly cause: ReloadRecord['cause'];
  /** When the first file event came (performance clock, ms); null for a person's request and at the start. */
  readonly eventAt: number | null;
  /** No new event came: what changed a moment ago is only checked once more. */
  readonly again?: boolean;
  /** Nothing changed here: a module that was missing may have been installed. */
  readonly retry?: boolean;
}

export type AttemptResult =
  | { readonly kind: 'gone'; readonly notice: string | null }
  /** What is on disk already serves. */
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'failed';
      readonly failure: PluginFailure;
      /** Null where it is not the version that has failed. */
      readonly hash: string | null;
      /** The system could not start a process for it: to be tried again. */
      readonly unstarted?: boolean | undefined;
    }
  | { readonly kind: 'loaded'; readonly version: Version };

export interface AttemptDeps {
  /** The watched folder's real path. */
  readonly root: () => string;
  readonly bundles: BundleStore;
  readonly now: () => number;
  /** Why plugins of this language can't run here; null when they can. */
  readonly refusal: (language: Language) => Promise<string | null>;
  /** Whether a version is loaded immediately rather than at its first call. */
  readonly isEager: (cause: ReloadRecord['cause']) => boolean;
}

/**
 * Brings a plugin to what is on disk, once: finds, prepares, loads. The serving version changes only when all
 * of that succeeds. `known` is the failure of the version that was tried last: it isn't loaded a second time.
 * Never rejects.
 */
export async function attempt(
  plugin: Plugin,
  request: ReloadRequest,
  known: { readonly hash: string | null; readonly failure: PluginFailure } | null,
  signal: AbortSignal,
  deps: AttemptDeps,
): Promise<AttemptResult> {
  const serving = plugin.serving.version;
  if (request.cause === 'restart' && serving !== null) return load(plugin, serving, signal, deps);
  const found = await discover(deps.root(), plugin.name);
  if (found.kind === 'none') return { kind: 'gone', notice: found.notice };
  if (found.kind === 'unreadable') return failed(plugin.source?.folder ?? deps.root(), found.reason, deps);
  await describe(plugin, found.plugin);
  const { folder, language } = found.plugin;
  const refusal = await deps.refusal(language);
  if (refusal !== null) return failed(folder, refusal, deps);
  const { prepare, canRecover } = LANGUAGE_SUPPORT[language];
  const prepared = await prepare({ found: found.plugin, root: deps.root(), serving, now: deps.now });
  if (!prepared.ok) return { kind: 'failed', failure: prepared.failure, hash: null };
  // Stopping, or superseded: nobody needs what would be written or started now.
  if (signal.aborted) return failed(folder, 'a newer version has come', deps);
  const { hash } = prepared;
  // A person who asks gets a new process, also for what failed or serves already.
  const isAskedFor = request.cause === 'manual' || request.cause === 'restart';
  // The version that serves now: a trial may have found out meanwhile that it doesn't load.
  if (!isAskedFor && hash === plugin.serving.version?.hash) return { kind: 'unchanged' };
  const shouldRetry = isAskedFor || (canRecover && request.again !== true);
  if (!shouldRetry && known !== null && hash === known.hash) return { kind: 'failed', ...known };
  const file = await deps.bundles.write(`${plugin.name}-${hash}${prepared.extension}`, prepared.code);
  const version: Version = {
    hash,
    bundle: { file, ...prepared.bundle },
    inputs: new Set(prepared.inputs),
    folder,
  };
  if (plugin.enabled && deps.isEager(request.cause)) return load(plugin, version, signal, deps);
  plugin.serving.park(version);
  dropUnused(plugin, serving, deps);
  return { kind: 'loaded', version };
}

/**
 * Takes over where the plugin was found and its manifest; while that is caught half-written, the last one
 * counts.
 */
async function describe(plugin: Plugin, source: DiscoveredPlugin): Promise<void> {
  const manifest = await loadManifest(source.folder, plugin.name);
  const { problem } = manifest;
  plugin.manifest = problem !== null && plugin.manifest !== null ? { ...plugin.manifest, problem } : manifest;
  plugin.source = source;
}

async function load(
  plugin: Plugin,
  version: Version,
  signal: AbortSignal,
  deps: AttemptDeps,
): Promise<AttemptResult> {
  const previous = plugin.serving.version;
  const loaded = await plugin.serving.replace(version, signal);
  dropUnused(plugin, loaded.ok ? previous : version, deps);
  if (loaded.ok) return { kind: 'loaded', version };
  const failure = await failureOfLoad(
    version.folder,
    { ...loaded, message: maskTokens(loaded.message) },
    deps.now(),
  );
  const { unstarted } = loaded;
  return { kind: 'failed', failure, hash: unstarted === true ? null : version.hash, unstarted };
}

/** Removes a version's file, unless it is the one that serves. */
function dropUnused(plugin: Plugin, version: Version | null, deps: AttemptDeps): void {
  const file = version?.bundle.file;
  if (file !== plugin.serving.version?.bundle.file) deps.bundles.drop(file);
}

async function failed(folder: string, message: string, deps: AttemptDeps): Promise<AttemptResult> {
  return { kind: 'failed', failure: await failureAt(folder, message, null, null, deps.now()), hash: null };
}
