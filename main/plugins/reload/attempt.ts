import type { Language, PluginFailure, ReloadRecord } from '../../contract/plugin-view.ts';
import { errorMessage } from '../../system/errors.ts';
import type { Plugin } from '../engine/plugin.ts';
import { type BundleStore, StorageError } from '../version/bundles.ts';
import { type DiscoveredPlugin, discover } from '../version/discover.ts';
import { failureAt, failureOfLoad } from '../version/failure.ts';
import { loadManifest } from '../version/manifest.ts';
import { LANGUAGE_SUPPORT, type PreparedVersion } from '../version/prepare.ts';
import type { Version } from '../version/serving.ts';

export interface ReloadRequest {
  readonly cause: ReloadRecord['cause'];
  /** When the first file event came (performance clock, ms); null for a person's request and at the start. */
  readonly eventAt: number | null;
  /** No new event came: what changed a moment ago is only checked once more. */
  readonly again?: boolean;
  /** Nothing changed here: what was missing elsewhere may be there now. */
  readonly retry?: boolean;
}

/** The version that failed, so that it isn't loaded again while it stays the same. */
export interface KnownFailure {
  readonly hash: string | null;
  readonly failure: PluginFailure;
}

interface FailedAttempt extends KnownFailure {
  readonly kind: 'failed';
}

export type AttemptResult =
  | { readonly kind: 'gone'; readonly notice: string | null }
  /** What is on disk already serves. */
  | { readonly kind: 'unchanged' }
  | FailedAttempt
  | { readonly kind: 'loaded'; readonly version: Version };

export interface AttemptDeps {
  /** The watched folder's real path. */
  readonly root: () => string;
  readonly bundles: BundleStore;
  readonly now: () => number;
  /** Masks secrets in why a version failed. */
  readonly mask: (text: string) => string;
  /** Why plugins of this language can't run here; null when they can. */
  readonly refusal: (language: Language) => Promise<string | null>;
  /** Whether a version is loaded immediately rather than at its first call. */
  readonly isEager: (cause: ReloadRecord['cause']) => boolean;
}

/**
 * Brings a plugin to what is on disk, once: finds, prepares, loads. The serving version changes only when all
 * of that succeeds. `known` is the failure of the version that was tried last: it isn't loaded a second time.
 * Never rejects: whatever goes wrong is why it failed.
 */
export async function attempt(
  plugin: Plugin,
  request: ReloadRequest,
  known: KnownFailure | null,
  signal: AbortSignal,
  deps: AttemptDeps,
): Promise<AttemptResult> {
  try {
    return await bringUp(plugin, request, known, signal, deps);
  } catch (error) {
    const result = await failed(plugin.source?.folder ?? deps.root(), errorMessage(error), deps);
    // Room may be made at any time, of which no file of the plugin's tells.
    return error instanceof StorageError
      ? { ...result, failure: { ...result.failure, missing: true } }
      : result;
  }
}

/** Rejects when the temporary folder can't be written. */
async function bringUp(
  plugin: Plugin,
  request: ReloadRequest,
  known: KnownFailure | null,
  signal: AbortSignal,
  deps: AttemptDeps,
): Promise<AttemptResult> {
  const serving = plugin.serving.version;
  if (request.cause === 'restart' && serving !== null && (await deps.bundles.has(serving.bundle.file)))
    return load(plugin, serving, signal, deps);
  const found = await discover(deps.root(), plugin.name);
  if (found.kind === 'none') return { kind: 'gone', notice: found.notice };
  if (found.kind === 'unreadable') return failed(plugin.source?.folder ?? deps.root(), found.reason, deps);
  await describe(plugin, found.plugin);
  const { folder, language } = found.plugin;
  const refusal = await deps.refusal(language);
  if (refusal !== null) return failed(folder, refusal, deps);
  const { kind, prepare, canRecover } = LANGUAGE_SUPPORT[language];
  if (plugin.enabled) plugin.serving.prepareProcess(kind);
  const prepared = await prepare({ found: found.plugin, root: deps.root(), serving, now: deps.now });
  if (!prepared.ok) return { kind: 'failed', failure: prepared.failure, hash: null };
  // Stopping, or superseded: nobody needs what would be written or started now.
  if (signal.aborted) return failed(folder, 'a newer version has come', deps);
  const { hash } = prepared;
  // A person who asks gets a new process, also for what failed or serves already.
  const isAskedFor = request.cause === 'manual' || request.cause === 'restart';
  // The version that serves now: a trial may have found out meanwhile that it doesn't load.
  if (!isAskedFor && hash === plugin.serving.version?.hash) {
    await restore(plugin, plugin.serving.version, prepared, deps);
    return { kind: 'unchanged' };
  }
  const shouldRetry = isAskedFor || (canRecover && request.again !== true);
  if (!shouldRetry && known !== null && hash === known.hash) return { kind: 'failed', ...known };
  const file = await store(plugin, prepared, deps);
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

/** Writes what serves once more if its file is gone; its processes are not affected. */
async function restore(
  plugin: Plugin,
  version: Version,
  prepared: PreparedVersion,
  deps: AttemptDeps,
): Promise<void> {
  if (await deps.bundles.has(version.bundle.file)) return;
  const file = await store(plugin, prepared, deps);
  if (!plugin.serving.setBundleFile(version, file)) deps.bundles.drop(file);
}

function store(
  { name }: Plugin,
  { hash, extension, code }: PreparedVersion,
  deps: AttemptDeps,
): Promise<string> {
  return deps.bundles.write(`${name}-${hash}${extension}`, code);
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
  const failure = await failureOfLoad({ kind: version.bundle.kind, folder: version.folder }, loaded, {
    at: deps.now(),
    mask: deps.mask,
  });
  // Nothing is wrong with a version for which the system could not start a process: the next call tries again.
  if (loaded.unstarted === true)
    return { kind: 'failed', failure: { ...failure, missing: true }, hash: null };
  return { kind: 'failed', failure, hash: version.hash };
}

/** Removes a version's file, unless it is the one that serves. */
function dropUnused(plugin: Plugin, version: Version | null, deps: AttemptDeps): void {
  const file = version?.bundle.file;
  if (file !== plugin.serving.version?.bundle.file) deps.bundles.drop(file);
}

async function failed(folder: string, message: string, deps: AttemptDeps): Promise<FailedAttempt> {
  return { kind: 'failed', failure: await failureAt(folder, message, null, null, deps.now()), hash: null };
}
