import { resolveAll } from './config.ts';
import { loadLayers } from './layers.ts';
import { loadLastFolder } from './recent-folders.ts';
import type { Config, ConfigSources } from './types.ts';

/** What a start would be given where nothing is wrong: a setting that makes no sense has its default here. */
export interface ExaminedConfig {
  readonly values: Pick<
    Config,
    'auth' | 'host' | 'port' | 'portExplicit' | 'pluginsPath' | 'python' | 'tracesMaxMb'
  >;
  /** The settings that make no sense, by name: their values above are nobody's. */
  readonly wrong: ReadonlySet<string>;
  /** The command line or a `.env` file can't be read, and it may have set any of them. */
  readonly isPartial: boolean;
}

const UNREAD_SECRET = { secret: '', path: null, notice: null, problem: null };

/** Reads the settings to the end, whatever is wrong with some; makes and changes no file. */
export async function examineConfig({ configPath, ...sources }: ConfigSources): Promise<ExaminedConfig> {
  const layers = await loadLayers({ ...sources, configPath }, await loadLastFolder(configPath));
  const inputs = { layers, kept: UNREAD_SECRET, cwd: sources.cwd, configPath };
  const { problems, ...values } = resolveAll(layers.layers, inputs);
  const wrong = new Set([...layers.problems, ...problems].map(({ name }) => name));
  return { values, wrong, isPartial: layers.problems.length > 0 };
}
