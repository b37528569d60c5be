import type { Setting } from '../contract/snapshot.ts';
import { resolveAll } from './config.ts';
import type { Layer, Layers } from './layers.ts';

const WITH_DEV_ISSUER = { MOZAIKS_AUTH_MODE: 'external', MOZAIKS_DEV_ISSUER: 'true' };

/** Every variable there is with its default and its meaning, those of both modes; pure. What has no default has the value ''. */
export function knownSettings(): readonly Pick<Setting, 'name' | 'value' | 'description'>[] {
  const kept = { secret: '', path: null, notice: null, problem: null };
  const known = new Map<string, Pick<Setting, 'name' | 'value' | 'description'>>();
  for (const values of [{}, { MOZAIKS_AUTH_MODE: 'external' }, WITH_DEV_ISSUER]) {
    const layer: Layer = { source: 'default', place: '', values };
    const layers: Layers = { layers: [layer], problems: [], notices: [] };
    for (const { name, value, source, description } of resolveAll([layer], {
      ...{ layers, kept, cwd: '', configPath: '' },
    }).settings) {
      const isDefault = source === 'default' && name !== 'MOZAIKS_PLUGINS_PATH';
      if (!known.has(name)) known.set(name, { name, value: isDefault ? value : '', description });
    }
  }
  return [...known.values()];
}
