import * as z from 'zod/mini';
import { createStore } from 'zustand/vanilla';
import {
  type CheckRequest,
  PROBE_LANGUAGES,
  type ProbeLanguage,
} from '../../../main/contract/conformance.ts';
import type { Inspector } from '../../bridge.ts';
import type { Page } from '../../page.ts';
import { fieldsOf, listOf, persisted } from '../app/persisted.ts';
import type { Saving } from '../app/saving.ts';

/**
 * How calls to another runtime authenticate: not at all, with a token, or with tokens signed by a secret or
 * key it trusts.
 */
const AUTH_METHODS = ['none', 'token', 'secret', 'own-key'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** Which runtime the next run checks, and how it authenticates. */
export interface ContractTarget {
  readonly target: 'own' | 'other';
  /** Address of the other runtime, as typed. */
  readonly url: string;
  readonly way: AuthMethod;
  /** Secrets, in memory only: a token for the other runtime, its JWT secret, a token for this one. */
  readonly token: string;
  readonly secret: string;
  readonly ownToken: string;
  /** The other runtime's plugin timeout, as typed; empty where it is not known. */
  readonly timeout: string;
  /** The other runtime may be sent calls that end or block a plugin's process. */
  readonly allowDisruptive: boolean;
  /** The language of the probe plugin that this runtime loads. */
  readonly probe: ProbeLanguage;
  /** Origins that were checked before, newest first. */
  readonly recent: readonly string[];
}

/** What outlives a restart. Never a secret. */
const STORED = fieldsOf({
  recent: listOf(z.string()),
  way: z.catch(z.enum(AUTH_METHODS), 'none'),
  probe: z.catch(z.enum(PROBE_LANGUAGES), 'javascript'),
});

const MAX_RECENT = 8;
const MAX_TIMEOUT_SECONDS = 3_600;

export type ContractTargetStore = ReturnType<typeof createContractTargetStore>;

interface TargetDeps {
  readonly inspector: Inspector;
  readonly page: Page;
  readonly saving: Saving;
}

export function createContractTargetStore({ inspector, page, saving }: TargetDeps) {
  const stored = persisted(page, 'contract-target', STORED);
  const { recent, way, probe } = stored.read();
  const store = createStore<ContractTarget>()(() => ({
    target: 'own',
    url: '',
    way,
    token: '',
    secret: '',
    ownToken: '',
    timeout: '',
    allowDisruptive: false,
    probe,
    recent: recent.slice(0, MAX_RECENT),
  }));

  function choose(choice: Partial<Omit<ContractTarget, 'recent'>>): void {
    store.setState(choice);
    if (choice.way !== undefined || choice.probe !== undefined) persist();
  }

  /** Offers an origin again when the next target is typed, also after a restart. */
  function remember(origin: string): void {
    const others = store.getState().recent.filter((other) => other !== origin);
    store.setState({ recent: [origin, ...others].slice(0, MAX_RECENT) });
    persist();
  }

  function forgetRecent(): void {
    store.setState({ recent: [] });
    persist();
  }

  /** Saves the plugin that another runtime needs for the clauses about what plugins receive. */
  async function saveProbe(language: ProbeLanguage): Promise<void> {
    await saving.announceSaved(inspector.call('saveProbe', { language }), () => 'Probe plugin saved');
  }

  function persist(): void {
    const now = store.getState();
    stored.write({ recent: now.recent, way: now.way, probe: now.probe });
  }

  return {
    store,
    choose,
    remember,
    forgetRecent,
    saveProbe,
  };
}

/** The chosen target as `checkContract` expects it. Pure. */
export function toCheckRequest(chosen: ContractTarget): Omit<CheckRequest, 'runId'> {
  if (chosen.target === 'own') return { target: null, probe: chosen.probe, ...bearer(chosen.ownToken) };
  const request: Writable<Omit<CheckRequest, 'runId'>> = { target: chosen.url.trim() };
  if (chosen.way === 'token') Object.assign(request, bearer(chosen.token));
  if (chosen.way === 'secret' && chosen.secret !== '') request.secret = chosen.secret;
  if (chosen.way === 'own-key') request.ownKey = true;
  const seconds = parseTimeout(chosen.timeout);
  if (seconds !== null) request.timeoutSeconds = seconds;
  if (chosen.allowDisruptive) request.allowDisruptive = true;
  return request;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function bearer(typed: string): Pick<CheckRequest, 'token'> {
  const token = typed.trim();
  return token === '' ? {} : { token };
}

/** Seconds as typed; null where that is not a timeout. Pure. */
export function parseTimeout(typed: string): number | null {
  const seconds = Number(typed.trim().replace(',', '.'));
  return typed.trim() !== '' && seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS ? seconds : null;
}

/** Whether a run can start: this runtime, or another one with an address. Pure. */
export function hasTarget({ target, url }: Pick<ContractTarget, 'target' | 'url'>): boolean {
  return target === 'own' || url.trim() !== '';
}
