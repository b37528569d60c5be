import type { Setting } from '../contract/snapshot.ts';
import { resolveAll } from './config.ts';
import { type Layer, type Layers, loadLayers } from './layers.ts';
import { loadLastFolder } from './recent-folders.ts';
import { withPreset } from './settings/as-production.ts';
import type { Config, ConfigSources } from './types.ts';

/** What a start would get if nothing were wrong: an invalid setting has its default here. */
export interface ExaminedConfig {
  readonly values: Pick<
    Config,
    'auth' | 'host' | 'port' | 'portExplicit' | 'pluginsPath' | 'python' | 'settings' | 'tracesMaxMb'
  >;
  /** The invalid settings, by name: nobody set the values they have above. */
  readonly wrong: ReadonlySet<string>;
  /** The command line or a `.env` file can't be read, and it may have set any of them. */
  readonly isPartial: boolean;
}

const UNREAD_SECRET = { secret: '', path: null, notice: null, problem: null };

/** Reads all settings even when some are invalid; creates and changes no file. */
export async function examineConfig({ configPath, ...sources }: ConfigSources): Promise<ExaminedConfig> {
  const layers = withPreset(await loadLayers({ ...sources, configPath }, await loadLastFolder(configPath)));
  const inputs = { layers, localSecret: UNREAD_SECRET, cwd: sources.cwd, configPath };
  const { problems, ...values } = resolveAll(layers.layers, inputs);
  const wrong = new Set([...layers.problems, ...problems].map(({ name }) => name));
  return { values, wrong, isPartial: layers.problems.length > 0 };
}

const WITH_DEV_ISSUER = { MOZAIKS_AUTH_MODE: 'external', MOZAIKS_DEV_ISSUER: 'true' };

/**
 * Every variable of both modes with its default and its meaning; pure. One without a default has the value
 * ''.
 */
export function knownSettings(): readonly Pick<Setting, 'name' | 'value' | 'description'>[] {
  const known = new Map<string, Pick<Setting, 'name' | 'value' | 'description'>>();
  for (const values of [{}, { MOZAIKS_AUTH_MODE: 'external' }, WITH_DEV_ISSUER]) {
    const layer: Layer = { source: 'default', place: '', values };
    const layers: Layers = { layers: [layer], problems: [], notices: [] };
    const { settings } = resolveAll([layer], { layers, localSecret: UNREAD_SECRET, cwd: '', configPath: '' });
    for (const { name, value, source, description } of settings) {
      const isDefault = source === 'default' && name !== 'MOZAIKS_PLUGINS_PATH';
      if (!known.has(name)) known.set(name, { name, value: isDefault ? value : '', description });
    }
  }
  return [...known.values()];
}
