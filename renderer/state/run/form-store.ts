import * as z from 'zod/mini';
import { createStore } from 'zustand/vanilla';
import { formatJson } from '../../../main/contract/json-text.ts';
import { PERSONAS, type PersonaId, RUN_ROUTES, type RunRoute } from '../../../main/contract/run.ts';
import type { Page } from '../../page.ts';
import { fieldsOf, listOf, persisted, recordOf } from '../app/persisted.ts';
import type { UiState, UiStore } from '../app/ui.ts';

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
  /** What was entered for each persona. */
  readonly subscriptions: Readonly<Record<string, EnteredSubscription>>;
}

/** As typed: the plan's name, and tiers as `videos=pro, notes=basic`. */
export interface EnteredSubscription {
  readonly plan: string;
  readonly tiers: string;
}

export interface FormState {
  readonly choices: RunChoices;
  /** Bodies that were sent, by plugin, latest first; they survive a restart. */
  readonly sentBodies: SentBodies;
}

type SentBodies = Readonly<Record<string, readonly string[]>>;

/** The input of a run. */
export interface RunInput {
  /** '' when there is no plugin. */
  readonly plugin: string;
  readonly body: string;
  readonly persona: PersonaId;
  readonly route: RunRoute;
  /** The bearer token of the persona `custom`; empty for any other. */
  readonly token: string;
  /** By persona. */
  readonly subscriptions: RunChoices['subscriptions'];
}

export const EMPTY_BODY = '{}';
/** How many different bodies are stored per plugin, and how long each may be. */
const MAX_BODIES = 8;
const MAX_BODY_LENGTH = 16_384;
const DEFAULT_PERSONAS: readonly PersonaId[] = ['anonymous', 'user', 'admin', 'superadmin', 'expired'];

const STORED_CHOICES = fieldsOf({
  several: z.catch(z.boolean(), false),
  personas: z.catch(z.pipe(z.array(z.unknown()), z.transform(knownPersonas)), DEFAULT_PERSONAS),
  allFields: z.catch(z.boolean(), true),
  samples: recordOf(z.object({ name: z.string(), revision: z.string() })),
  routes: recordOf(z.enum(RUN_ROUTES)),
  subscriptions: recordOf(z.object({ plan: z.string(), tiers: z.string() })),
});
const STORED_BODIES = recordOf(
  z.pipe(
    listOf(z.string()),
    z.transform((bodies: readonly string[]): readonly string[] => bodies.slice(0, MAX_BODIES)),
  ),
);

function knownPersonas(ids: unknown[]): readonly PersonaId[] {
  return [...new Set(ids)].flatMap((id) => PERSONAS.find((known) => known === id) ?? []);
}

export type FormStore = ReturnType<typeof createFormStore>;

interface FormDeps {
  readonly page: Page;
  readonly ui: UiStore;
}

/**
 * What is entered on the Run screen. Plugin, persona and body are in the UI store, since other screens set
 * them too.
 */
export function createFormStore({ page, ui }: FormDeps) {
  const storedChoices = persisted<RunChoices>(page, 'run-choices', STORED_CHOICES);
  const storedBodies = persisted<SentBodies>(page, 'sent-bodies', STORED_BODIES);
  const store = createStore<FormState>()(() => ({
    choices: storedChoices.read(),
    sentBodies: storedBodies.read(),
  }));
  const choices = () => store.getState().choices;

  /** Applies choices and stores them. */
  function choose(changes: Partial<RunChoices>): void {
    const next = { ...choices(), ...changes };
    store.setState({ choices: next });
    storedChoices.write(next);
  }

  /** Records which sample the plugin's body came from; null for none. */
  function chooseSample(plugin: string, sample: ChosenSample | null): void {
    const { [plugin]: _before, ...others } = choices().samples;
    choose({ samples: sample === null ? others : { ...others, [plugin]: sample } });
  }

  function chooseRoute(plugin: string, route: RunRoute): void {
    const { [plugin]: _before, ...others } = choices().routes;
    choose({ routes: route === 'execute' ? others : { ...others, [plugin]: route } });
  }

  function enterSubscription(persona: PersonaId, entered: EnteredSubscription): void {
    choose({ subscriptions: { ...choices().subscriptions, [persona]: entered } });
  }

  function chosenSample(plugin: string): ChosenSample | undefined {
    return ownValue(choices().samples, plugin);
  }

  /** Adds or removes one persona; sorted as in the list, with the baseline first. */
  function togglePersona(persona: PersonaId): void {
    choose({ personas: withToggled(choices().personas, persona) });
  }

  /** Makes `persona` the baseline that the others are compared with. */
  function compareWith(persona: PersonaId): void {
    const others = PERSONAS.filter((id) => id !== persona && choices().personas.includes(id));
    choose({ personas: [persona, ...others] });
  }

  /** The body in the editor for `plugin`. */
  function bodyOf(plugin: string): string {
    return ownValue(ui.store.getState().choices.runBodies, plugin) ?? EMPTY_BODY;
  }

  function writeBody(plugin: string, body: string): void {
    ui.choose({ runBodies: { ...ui.store.getState().choices.runBodies, [plugin]: body } });
  }

  /** Formats the body; one that is not JSON stays as it is. */
  function formatBody(plugin: string): void {
    const formatted = formatJson(bodyOf(plugin));
    if (formatted !== null) writeBody(plugin, formatted);
  }

  /** Stores a body as the latest sent to `plugin`; long ones are skipped. */
  function rememberBody(plugin: string, body: string): void {
    if (body.length > MAX_BODY_LENGTH) return;
    const { sentBodies } = store.getState();
    const next = { ...sentBodies, [plugin]: withLatest(ownValue(sentBodies, plugin) ?? [], body) };
    store.setState({ sentBodies: next });
    storedBodies.write(next);
  }
  return {
    store,
    choose,
    chooseSample,
    chooseRoute,
    enterSubscription,
    chosenSample,
    togglePersona,
    compareWith,
    bodyOf,
    writeBody,
    formatBody,
    rememberBody,
  };
}

/** The form's current input: the remembered plugin, or `firstPlugin`. */
export function toRunInput(
  { choices, customToken }: Pick<UiState, 'choices' | 'customToken'>,
  { routes, subscriptions }: RunChoices,
  firstPlugin: string | undefined,
): RunInput {
  const { runPlugin, persona, runBodies } = choices;
  const plugin = runPlugin ?? firstPlugin ?? '';
  return {
    plugin,
    persona,
    body: ownValue(runBodies, plugin) ?? EMPTY_BODY,
    route: ownValue(routes, plugin) ?? 'execute',
    token: customToken,
    subscriptions,
  };
}

const NOTHING_ENTERED: EnteredSubscription = { plan: '', tiers: '' };

export function enteredSubscription(
  { subscriptions }: Pick<RunChoices, 'subscriptions'>,
  persona: PersonaId,
): EnteredSubscription {
  return ownValue(subscriptions, persona) ?? NOTHING_ENTERED;
}

function withLatest(older: readonly string[], body: string): readonly string[] {
  return [body, ...older.filter((each) => each !== body)].slice(0, MAX_BODIES);
}

function withToggled(personas: readonly PersonaId[], persona: PersonaId): readonly PersonaId[] {
  const [first] = personas;
  const next = personas.includes(persona) ? personas.filter((id) => id !== persona) : [...personas, persona];
  const sorted = PERSONAS.filter((id) => next.includes(id) && id !== first);
  return first !== undefined && next.includes(first) ? [first, ...sorted] : sorted;
}

/** A plugin may be named like a method of objects. */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/**
 * Whether two texts are the same JSON apart from whitespace (values are compared as typed); otherwise whether
 * they are equal.
 */
export function isSameBody(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [formatJson(a), formatJson(b)];
  return left !== null && left === right;
}
