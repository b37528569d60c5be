import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import type { KeysView } from '../contract/token.ts';
import { duration } from './format.ts';
import { fetchKeySet, KeyFetchError } from './jwks-fetch.ts';

/** The key for one token header, or why there is none. */
type KeyLookup =
  | { readonly kind: 'key'; readonly key: CryptoKey; readonly detail: string }
  /** The keys are known and none of them fits. */
  | { readonly kind: 'unknown'; readonly detail: string }
  /** There are no keys to search. */
  | { readonly kind: 'unavailable'; readonly detail: string };

/** The part of a token's header that says which key to look for. */
export interface KeyHeader {
  readonly alg: string;
  readonly kid?: string;
}

export interface KeySource {
  find(header: KeyHeader): Promise<KeyLookup>;
  /** What the user should know about the keys now, or null. */
  notice(): string | null;
  view(): KeysView;
}

/**
 * Between the starts of two fetches, also after one that failed: an attacker's tokens must not become our
 * requests.
 */
const COOLDOWN_MS = 10_000;
/** Keys older than this are fetched again before they are used, so that a withdrawn key stops working. */
const FRESH_MS = 10 * 60_000;
/** How long keys stay usable while fetches fail. */
const USABLE_MS = 24 * 3_600_000;

interface Held {
  readonly resolve: ReturnType<typeof createLocalJWKSet>;
  readonly kids: readonly string[];
  readonly fetchedAt: number;
}

interface Keyring {
  /** Keys that may be used now, or null. */
  held(): Held | null;
  /** Why the last fetch failed; null when it didn't. */
  failure(): string | null;
  /** When the cooldown ends; ms, in the past when a fetch may start now. */
  nextFetchAt(): number;
  /** Joins the running fetch, or starts one unless the cooldown forbids it. Never rejects. */
  refresh(): Promise<void>;
}

/**
 * The provider's signing keys: fetched when first needed, again when they age or a token names an unknown
 * one, at most once per cooldown and never twice at a time (SECURITY.md §4). `now` in milliseconds;
 * `onFetched` is called after each fetch, also one that failed.
 */
export function createKeySource(url: string, now: () => number, onFetched: () => void): KeySource {
  const ring = createKeyring(() => fetchKeySet(url), now, onFetched);
  return {
    find: (header) => findKey(header, ring, url, now),
    notice: () => describeRing(ring, url, now),
    view: () => ({
      url,
      kids: ring.held()?.kids ?? [],
      fetchedAt: ring.held()?.fetchedAt ?? null,
      failure: ring.failure(),
      nextFetchAt: ring.nextFetchAt(),
    }),
  };
}

function createKeyring(
  fetchKeys: () => Promise<JSONWebKeySet>,
  now: () => number,
  onFetched: () => void,
): Keyring {
  let held: Held | null = null;
  let failure: string | null = null;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;

  const attempt = async (): Promise<void> => {
    try {
      const set = await fetchKeys();
      const kids = set.keys.map(({ kid }) => kid ?? '(no kid)');
      held = { resolve: createLocalJWKSet(set), kids, fetchedAt: now() };
      failure = null;
    } catch (error) {
      failure = error instanceof KeyFetchError ? error.message : 'the key set is malformed';
    } finally {
      running = null;
      onFetched();
    }
  };
  const refresh = (): Promise<void> => {
    // A clock that was set back must not stretch the cooldown.
    if (!running && Math.abs(now() - attemptedAt) >= COOLDOWN_MS) {
      attemptedAt = now();
      running = attempt();
    }
    return running ?? Promise.resolve();
  };
  return {
    held: () => (held && Math.abs(now() - held.fetchedAt) <= USABLE_MS ? held : null),
    failure: () => failure,
    nextFetchAt: () => (attemptedAt === Number.NEGATIVE_INFINITY ? 0 : attemptedAt + COOLDOWN_MS),
    refresh,
  };
}

async function findKey(header: KeyHeader, ring: Keyring, url: string, now: () => number): Promise<KeyLookup> {
  const before = ring.held();
  if (!before) await ring.refresh();
  else if (Math.abs(now() - before.fetchedAt) >= FRESH_MS) {
    const refreshing = ring.refresh();
    // A provider that is down must not slow every request: keys that may stay in use are used meanwhile.
    if (ring.failure() === null) await refreshing;
  }
  const first = ring.held();
  if (!first) return unavailable(url, ring.failure());
  const lookup = await resolveKey(first, header);
  if (lookup.kind !== 'unknown') return lookup;
  await ring.refresh();
  const second = ring.held();
  if (!second) return unavailable(url, ring.failure());
  return second === first ? withFailure(lookup, ring.failure()) : resolveKey(second, header);
}

function describeRing(ring: Keyring, url: string, now: () => number): string | null {
  const failure = ring.failure();
  const keys = ring.held();
  if (failure === null) return null;
  if (!keys) return `Signing keys can't be fetched from ${url}: ${failure}. Every token is refused.`;
  const age = duration(Math.round((now() - keys.fetchedAt) / 1000));
  return `Tokens are verified with signing keys fetched ${age} ago: the last fetch from ${url} failed (${failure}).`;
}

async function resolveKey(held: Held, header: KeyHeader): Promise<KeyLookup> {
  const wanted = header.kid === undefined ? 'no kid' : `kid ${JSON.stringify(header.kid)}`;
  try {
    return {
      kind: 'key',
      key: await held.resolve({ ...header }),
      detail: `Key with ${wanted} from MOZAIKS_JWKS_URL.`,
    };
  } catch (error) {
    const kids = held.kids.map((kid) => JSON.stringify(kid)).join(', ') || 'no public signature key';
    const known = `the key set has ${kids}`;
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      return { kind: 'unknown', detail: `The token has ${wanted} and several keys fit; ${known}.` };
    }
    if (error instanceof errors.JWKSNoMatchingKey) {
      return { kind: 'unknown', detail: `No ${header.alg} key fits a token with ${wanted}; ${known}.` };
    }
    const code = error instanceof errors.JOSEError ? error.code : 'not importable';
    return { kind: 'unknown', detail: `The key for ${wanted} is unusable (${code}).` };
  }
}

function unavailable(url: string, failure: string | null): KeyLookup {
  const why = failure ?? 'not fetched yet';
  return {
    kind: 'unavailable',
    detail: `Signing keys can't be fetched from ${url} (MOZAIKS_JWKS_URL): ${why}.`,
  };
}

function withFailure(lookup: Extract<KeyLookup, { kind: 'unknown' }>, failure: string | null): KeyLookup {
  return failure === null
    ? lookup
    : { ...lookup, detail: `${lookup.detail} The last fetch failed: ${failure}.` };
}
