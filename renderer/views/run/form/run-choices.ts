import { createStore } from 'zustand/vanilla';
import { PERSONAS, type PersonaId, RUN_ROUTES, type RunRoute } from '../../../../main/contract/run.ts';
import { readStored, writeStored } from '../../../page.ts';

/** The sample that a plugin's body was opened from. */
export interface ChosenSample {
  readonly name: string;
  /** The content it had when it was loaded or saved. */
  readonly revision: string;
}

/** Choices on the Run screen besides plugin, persona and body; they survive a restart. */
export interface RunChoices {
  /** Run as several personas at once. */
  readonly several: boolean;
  /** The selected ones; the others are compared with the first. */
  readonly personas: readonly PersonaId[];
  /** Show equal fields too. */
  readonly allFields: boolean;
  /** By plugin. */
  readonly samples: Readonly<Record<string, ChosenSample>>;
  /** By plugin, where it isn't the default path. */
  readonly routes: Readonly<Record<string, RunRoute>>;
}

const STORED = 'run-choices';
const DEFAULTS: RunChoices = {
  several: false,
  personas: ['anonymous', 'user', 'admin', 'superadmin', 'expired'],
  allFields: true,
  samples: {},
  routes: {},
};

export const runChoices = createStore<RunChoices>()(() => readRunChoices(readStored(STORED)));

/** Applies choices and stores them. */
export function chooseRun(changes: Partial<RunChoices>): void {
  runChoices.setState(changes);
  writeStored(STORED, runChoices.getState());
}

/** Records which sample the plugin's body came from; null for none. */
export function chooseSample(plugin: string, sample: ChosenSample | null): void {
  const { [plugin]: _before, ...others } = runChoices.getState().samples;
  chooseRun({ samples: sample === null ? others : { ...others, [plugin]: sample } });
}

export function chooseRoute(plugin: string, route: RunRoute): void {
  const { [plugin]: _before, ...others } = runChoices.getState().routes;
  chooseRun({ routes: route === 'execute' ? others : { ...others, [plugin]: route } });
}

/** A plugin may be named like a method of objects. */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Adds or removes one persona; sorted as in the list, with the baseline first. */
export function togglePersona(persona: PersonaId): void {
  const { personas } = runChoices.getState();
  const [first] = personas;
  const next = personas.includes(persona) ? personas.filter((id) => id !== persona) : [...personas, persona];
  const sorted = PERSONAS.filter((id) => next.includes(id) && id !== first);
  chooseRun({ personas: first !== undefined && next.includes(first) ? [first, ...sorted] : sorted });
}

/** Makes `persona` the baseline that the others are compared with. */
export function compareWith(persona: PersonaId): void {
  const others = PERSONAS.filter((id) => id !== persona && runChoices.getState().personas.includes(id));
  chooseRun({ personas: [persona, ...others] });
}

/** The stored choices, each field checked: an older or hand-edited store must not break the screen. */
export function readRunChoices(stored: unknown): RunChoices {
  if (typeof stored !== 'object' || stored === null) return DEFAULTS;
  const found = stored as Partial<Record<keyof RunChoices, unknown>>;
  const personas = Array.isArray(found.personas)
    ? [...new Set(found.personas)].flatMap((id) => PERSONAS.find((known) => known === id) ?? [])
    : DEFAULTS.personas;
  return {
    several: found.several === true,
    personas,
    allFields: found.allFields !== false,
    samples: pick(found.samples, asChosen),
    routes: pick(found.routes, (route) => RUN_ROUTES.find((known) => known === route)),
  };
}

function asChosen(value: unknown): ChosenSample | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, revision } = value as Partial<Record<keyof ChosenSample, unknown>>;
  return typeof name === 'string' && typeof revision === 'string' ? { name, revision } : undefined;
}

function pick<T>(value: unknown, read: (entry: unknown) => T | undefined): Record<string, T> {
  if (typeof value !== 'object' || value === null) return {};
  const entries: [string, T][] = [];
  for (const [key, entry] of Object.entries(value)) {
    const wanted = read(entry);
    if (wanted !== undefined) entries.push([key, wanted]);
  }
  return Object.fromEntries(entries);
}
