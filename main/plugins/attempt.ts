import type { PluginFailure, ReloadRecord } from '../contract/inspector.ts';
import type { BundleStore } from './bundles.ts';
import { compile } from './compile.ts';
import { type DiscoveredPlugin, discover } from './discover.ts';
import { failureAt, failureOfLoad } from './failure.ts';
import { unsupported } from './languages.ts';
import { loadManifest } from './manifest.ts';
import { maskTokens } from './mask.ts';
import type { Plugin } from './plugin.ts';
import type { Version } from './serving.ts';

export interface ReloadRequest {
  readonly cause: ReloadRecord['cause'];
  /** When the first file event came (performance clock, ms); null when a person or the start asked. */
  readonly eventAt: number | null;
  /** Nothing new was heard: what changed a moment ago is only looked at once more. */
  readonly again?: boolean;
}

export type Attempt =
  | { readonly kind: 'gone'; readonly notice: string | null }
  /** What is on disk serves already. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed'; readonly failure: PluginFailure; readonly hash: string | null }
  | { readonly kind: 'loaded'; readonly version: Version };

export interface AttemptDeps {
  /** The watched folder's real path. */
  readonly root: () => string;
  readonly bundles: BundleStore;
  readonly now: () => number;
  /** Whether a version is loaded at once, rather than at its first call. */
  readonly isEager: (cause: ReloadRecord['cause']) => boolean;
}

/**
 * Brings a plugin to what is on disk, once: finds, compiles, loads. The serving version changes only when all of that
 * succeeds. `known` is the failure of the version that was tried last: it isn't loaded a second time. Never rejects.
 */
export async function attempt(
  plugin: Plugin,
  request: ReloadRequest,
  known: { readonly hash: string | null; readonly failure: PluginFailure } | null,
  signal: AbortSignal,
  deps: AttemptDeps,
): Promise<Attempt> {
  const serving = plugin.serving.version;
  if (request.cause === 'restart' && serving !== null) return load(plugin, serving, signal, deps);
  const found = await discover(deps.root(), plugin.name);
  if (found.kind === 'none') return { kind: 'gone', notice: found.notice };
  if (found.kind === 'unreadable') return failed(plugin.source?.folder ?? deps.root(), found.reason, deps);
  await describe(plugin, found.plugin);
  const { folder, entry, language } = found.plugin;
  const refusal = unsupported(language);
  if (refusal !== null) return failed(folder, refusal, deps);
  const compiled = await compile(folder, entry, deps.now);
  if (!compiled.ok) return { kind: 'failed', failure: compiled.failure, hash: null };
  // Stopping, or overtaken: whatever would be written or started now is for nobody.
  if (signal.aborted) return failed(folder, 'a newer version has come', deps);
  const { hash } = compiled;
  // Whoever asks by hand gets a new process, also for what failed or serves already.
  const asked = request.cause === 'manual' || request.cause === 'restart';
  if (!asked && hash === serving?.hash) return { kind: 'unchanged' };
  if (!asked && known !== null && hash === known.hash) return { kind: 'failed', ...known };
  const file = await deps.bundles.write(plugin.name, hash, compiled.code);
  const version: Version = { hash, bundle: { file, entry }, inputs: new Set(compiled.inputs), folder };
  if (plugin.enabled && deps.isEager(request.cause)) return load(plugin, version, signal, deps);
  plugin.serving.park(version);
  dropUnused(plugin, serving, deps);
  return { kind: 'loaded', version };
}

/** Takes over where the plugin was found and what its manifest says; a manifest caught half-written keeps the last one. */
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
): Promise<Attempt> {
  const previous = plugin.serving.version;
  const loaded = await plugin.serving.replace(version, signal);
  dropUnused(plugin, loaded.ok ? previous : version, deps);
  if (loaded.ok) return { kind: 'loaded', version };
  const { message, stack } = loaded;
  const failure = await failureOfLoad(version.folder, maskTokens(message), stack, deps.now());
  return { kind: 'failed', failure, hash: version.hash };
}

/** Removes a version's file, unless it is the one that serves. */
function dropUnused(plugin: Plugin, version: Version | null, deps: AttemptDeps): void {
  const file = version?.bundle.file;
  if (file !== plugin.serving.version?.bundle.file) deps.bundles.drop(file);
}

async function failed(folder: string, message: string, deps: AttemptDeps): Promise<Attempt> {
  return { kind: 'failed', failure: await failureAt(folder, message, null, null, deps.now()), hash: null };
}
