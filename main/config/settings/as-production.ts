import { type Layer, type Layers, OPTIONS, ownValue } from '../layers.ts';
import type { Reader, Variable } from '../reader.ts';
import type { ConfigProblem } from '../types.ts';
import { flag } from '../values.ts';

/**
 * The preset that identifies callers as production does (CONTRACT.md §5). It counts as the settings below,
 * set where it is set: what is set with the same or more weight and contradicts it is refused, since a preset
 * that doesn't hold would mislead; what has less weight gives way, and a notice says so.
 */
const AS_PRODUCTION: Variable<boolean> = {
  name: 'MOZAIKS_AS_PRODUCTION',
  description: 'As in production: external mode, a mandatory token, no leeway for its times.',
  parse: flag,
  fallback: false,
  fallbackText: 'false',
  show: String,
};

const OPTION = Object.entries(OPTIONS).find(([, variable]) => variable === AS_PRODUCTION.name)?.[0];

interface PresetSetting {
  readonly name: string;
  readonly value: string;
  /** Whether a value given elsewhere means the same. */
  readonly agrees: (value: string) => boolean;
}

/** A token is mandatory in external mode anyway. */
const PRESET: readonly PresetSetting[] = [
  {
    name: 'MOZAIKS_AUTH_MODE',
    value: 'external',
    agrees: (value) => /^(external|oidc|platform)$/i.test(value),
  },
  { name: 'MOZAIKS_JWT_LEEWAY_SECONDS', value: '0', agrees: (value) => Number(value) === 0 },
];

/** Whether the preset is on; read with the other settings so that it is shown among them. */
export function resolveAsProduction(reader: Reader): boolean {
  return reader.read(AS_PRODUCTION);
}

/** Adds the preset's own layer where it is on, above the one that set it. Pure. */
export function withPreset(given: Layers): Layers {
  const index = given.layers.findIndex(({ values }) => ownValue(values, AS_PRODUCTION.name) !== undefined);
  const setter = given.layers[index];
  const parsed = flag(ownValue(setter?.values ?? {}, AS_PRODUCTION.name) ?? 'false');
  if (setter === undefined || !parsed.ok || !parsed.value) return given;
  const problems: ConfigProblem[] = [];
  const notices: string[] = [];
  for (const preset of PRESET) {
    for (const [at, layer] of given.layers.entries()) {
      const value = ownValue(layer.values, preset.name);
      if (value === undefined || preset.agrees(value)) continue;
      if (at <= index) problems.push(contradiction(preset, value, layer));
      else {
        notices.push(
          `${preset.name}=${value} (${layer.place}) has no effect: ${nameOf(setter)} makes it ${preset.value}.`,
        );
      }
    }
  }
  const values = Object.fromEntries(PRESET.map(({ name, value }) => [name, value]));
  const own: Layer = { source: 'generated', place: `set by ${nameOf(setter)}`, values };
  return {
    layers: [own, ...given.layers],
    problems: [...given.problems, ...problems],
    notices: [...given.notices, ...notices],
  };
}

function contradiction({ name, value: wanted }: PresetSetting, value: string, layer: Layer): ConfigProblem {
  const remedy = `contradicts ${AS_PRODUCTION.name}, which makes it ${wanted}; remove one of the two`;
  return { name, value, place: layer.place, remedy };
}

/** The preset as it was given: an option, or the variable and its place. */
function nameOf({ source, place }: Layer): string {
  return source === 'command-line' && OPTION !== undefined ? OPTION : `${AS_PRODUCTION.name} (${place})`;
}
