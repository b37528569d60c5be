import { createStore } from 'zustand/vanilla';
import {
  type CheckRequest,
  PROBE_LANGUAGES,
  type ProbeLanguage,
} from '../../../main/contract/conformance.ts';
import { currentStores } from '../../current-stores.ts';

import { readStored, writeStored } from '../../page.ts';

/**
 * As whom another runtime is called: as nobody, with a token, or with tokens made of a secret or key that it
 * trusts.
 */
export const AUTH_METHODS = ['none', 'token', 'secret', 'own-key'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** Which runtime the next run checks, and as whom. */
export interface ContractTarget {
  readonly target: 'own' | 'other';
  /** Address of the other runtime, as typed. */
  readonly url: string;
  readonly way: AuthMethod;
  /** Secrets, in memory only: a token for the other runtime, its JWT secret, a token for this one. */
  readonly token: string;
  readonly secret: string;
  readonly ownToken: string;
  /** The timeout that the other runtime was started with, as typed; empty where nobody knows. */
  readonly timeout: string;
  /** The other runtime may be sent calls that end or block a plugin's process. */
  readonly allowDisruptive: boolean;
  /** In which language this runtime loads the probe plugin. */
  readonly probe: ProbeLanguage;
  /** Origins that were checked before, newest first. */
  readonly recent: readonly string[];
}

const STORED = 'contract-target';
const MAX_RECENT = 8;
const INITIAL: ContractTarget = {
  target: 'own',
  url: '',
  way: 'none',
  token: '',
  secret: '',
  ownToken: '',
  timeout: '',
  allowDisruptive: false,
  probe: 'javascript',
  recent: [],
};

export const contractTargetStore = createStore<ContractTarget>()(() => ({
  ...INITIAL,
  ...readTarget(readStored(STORED)),
}));

export function chooseTarget(choice: Partial<Omit<ContractTarget, 'recent'>>): void {
  contractTargetStore.setState(choice);
  if (choice.way !== undefined || choice.probe !== undefined) remember();
}

/** The chosen target as `checkContract` wants it. */
export function targetArgument(): Omit<CheckRequest, 'runId'> {
  const { target, url, way, token, secret, ownToken, timeout, allowDisruptive, probe } =
    contractTargetStore.getState();
  if (target === 'own') return { target: null, probe, ...bearer(ownToken) };
  const seconds = timeoutSeconds(timeout);
  return {
    target: url.trim(),
    ...(way === 'token' ? bearer(token) : {}),
    ...(way === 'secret' && secret !== '' ? { secret } : {}),
    ...(way === 'own-key' ? { ownKey: true } : {}),
    ...(seconds === null ? {} : { timeoutSeconds: seconds }),
    ...(allowDisruptive ? { allowDisruptive } : {}),
  };
}

function bearer(typed: string): Pick<CheckRequest, 'token'> {
  return typed.trim() === '' ? {} : { token: typed.trim() };
}

/** Seconds as typed; null where it is no timeout. */
export function timeoutSeconds(typed: string): number | null {
  const seconds = Number(typed.trim().replace(',', '.'));
  return typed.trim() !== '' && seconds > 0 && seconds <= 3_600 ? seconds : null;
}

/** Offers an origin again when the next target is typed, over restarts too. */
export function rememberTarget(origin: string): void {
  const { recent } = contractTargetStore.getState();
  contractTargetStore.setState({
    recent: [origin, ...recent.filter((other) => other !== origin)].slice(0, MAX_RECENT),
  });
  remember();
}

export function forgetTargets(): void {
  contractTargetStore.setState({ recent: [] });
  remember();
}

/** Has the plugin saved that another runtime must have for the clauses about what plugins get. */
export async function saveProbe(language: ProbeLanguage): Promise<void> {
  await currentStores().saving.announceSaved(
    currentStores().inspector.call('saveProbe', { language }),
    () => 'Probe plugin saved',
  );
}

/** Never a secret. */
function remember(): void {
  const { recent, way, probe } = contractTargetStore.getState();
  writeStored(STORED, { recent, way, probe });
}

/** What was stored, each part checked. */
export function readTarget(stored: unknown): Pick<ContractTarget, 'recent' | 'way' | 'probe'> {
  const { recent, way, probe } = INITIAL;
  if (typeof stored !== 'object' || stored === null) return { recent, way, probe };
  const found = stored as Partial<Record<keyof ContractTarget, unknown>>;
  const isText = (entry: unknown): entry is string => typeof entry === 'string';
  return {
    recent: Array.isArray(found.recent) ? found.recent.filter(isText).slice(0, MAX_RECENT) : recent,
    way: AUTH_METHODS.find((one) => one === found.way) ?? way,
    probe: PROBE_LANGUAGES.find((one) => one === found.probe) ?? probe,
  };
}

/** For tests. */
export function resetTarget(): void {
  contractTargetStore.setState(INITIAL, true);
}
