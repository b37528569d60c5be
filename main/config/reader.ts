import type { Setting } from '../contract/snapshot.ts';
import { maskAddresses } from '../system/addresses.ts';
import { type Layer, OPTIONS, ownValue } from './layers.ts';
import type { ConfigProblem } from './types.ts';
import { type Parse, text, wholeNumber } from './values.ts';

/** One variable: how it is parsed, what it means, and its default. */
export interface Variable<T> {
  readonly name: string;
  readonly description: string;
  readonly parse: Parse<T>;
  readonly fallback: T;
  /** The fallback as the settings show it; null leaves an unset variable out of them. */
  readonly fallbackText: string | null;
  /** An older name, read only when the new one is set nowhere. */
  readonly deprecated?: string;
  readonly secret?: boolean;
  /** A `.env` doesn't set it: it is passed on to plugins, and a notice says that it does nothing else. */
  readonly processOnly?: boolean;
  /** The value as the settings show it; default: as given. */
  readonly show?: (value: T) => string;
}

/** Reads variables from layers and collects what comes of it: settings, problems, notices. */
export interface Reader {
  /** The value, or the fallback when it is unset or invalid (which is then a problem). */
  read<T>(variable: Variable<T>): T;
  isSet(name: string): boolean;
  problem(problem: ConfigProblem): void;
  notice(notice: string): void;
  setting(setting: Setting): void;
  /** Where a variable that was read was set: "PORT (environment)". */
  originOf(name: string): string;
  account(): {
    readonly settings: readonly Setting[];
    readonly problems: readonly ConfigProblem[];
    readonly notices: readonly string[];
  };
}

export const MASK = '••••••';

interface Found {
  /** Exactly as given. */
  readonly raw: string;
  readonly source: Setting['source'];
  readonly place: string;
  /** The variable or the option it was given as. */
  readonly given: string;
}

const formatOrigin = ({ given, place }: Found) => `${given} (${place})`;

export function createReader(layers: readonly Layer[]): Reader {
  const settings: Setting[] = [];
  const problems: ConfigProblem[] = [];
  const notices: string[] = [];

  const read = <T>(variable: Variable<T>): T => {
    const found = findVariable(layersFor(variable, layers, notices), variable, notices);
    if (!found) {
      if (variable.fallbackText !== null) settings.push(defaultSetting(variable, variable.fallbackText));
      return variable.fallback;
    }
    const { name, description, secret = false, show } = variable;
    // Blanks around a secret may belong to it; around anything else they are typing errors.
    const parsed = variable.parse(secret ? found.raw : found.raw.trim());
    const shown = secret ? MASK : maskAddresses(found.raw.trim());
    if (!parsed.ok) {
      problems.push({ name: found.given, value: shown, place: found.place, remedy: parsed.remedy });
      return variable.fallback;
    }
    const value = show && !secret ? show(parsed.value) : shown;
    settings.push({ name, value, source: found.source, origin: formatOrigin(found), description, secret });
    return parsed.value;
  };

  return {
    read,
    isSet: (name) => find(layers, name) !== null,
    problem: (problem) => problems.push(problem),
    notice: (notice) => notices.push(notice),
    setting: (setting) => settings.push(setting),
    originOf: (name) => settings.find((setting) => setting.name === name)?.origin ?? name,
    account: () => ({ settings, problems, notices }),
  };
}

/** The layers that may set it. */
function layersFor<T>(
  { name, processOnly = false }: Variable<T>,
  layers: readonly Layer[],
  notices: string[],
): readonly Layer[] {
  if (!processOnly) return layers;
  const inFiles = layers.filter(({ source }) => source === 'env-file');
  const found = find(inFiles, name);
  if (found !== null) {
    notices.push(`${formatOrigin(found)} is for plugins alone: the workbench takes it from its environment.`);
  }
  return layers.filter((layer) => !inFiles.includes(layer));
}

function find(layers: readonly Layer[], name: string): Found | null {
  for (const { source, place, values } of layers) {
    const raw = ownValue(values, name) === undefined ? undefined : values[name];
    if (raw === undefined) continue;
    const option = Object.entries(OPTIONS).find(([, variable]) => variable === name)?.[0];
    return { raw, source, place, given: source === 'command-line' && option ? option : name };
  }
  return null;
}

function findVariable<T>(layers: readonly Layer[], variable: Variable<T>, notices: string[]): Found | null {
  const found = find(layers, variable.name);
  const older = variable.deprecated === undefined ? null : find(layers, variable.deprecated);
  if (!older) return found;
  if (found) {
    notices.push(
      `${formatOrigin(older)} has no effect, since ${formatOrigin(found)} is set. Remove the older name.`,
    );
    return found;
  }
  notices.push(
    `${formatOrigin(older)} is deprecated: set ${variable.name}=${maskAddresses(older.raw.trim())} instead.`,
  );
  return { ...older, source: 'deprecated-alias' };
}

function defaultSetting<T>({ name, description, secret = false }: Variable<T>, value: string): Setting {
  return { name, value, source: 'default', origin: `${name} (default)`, description, secret };
}

/** A whole number between two limits, both included. */
export function numberVariable(
  name: string,
  fallback: number,
  [from, to]: readonly [number, number],
  description: string,
): Variable<number> {
  return { name, description, parse: wholeNumber(from, to), fallback, fallbackText: String(fallback) };
}

export function textVariable(name: string, fallback: string, description: string): Variable<string> {
  return { name, description, parse: text, fallback, fallbackText: fallback };
}
