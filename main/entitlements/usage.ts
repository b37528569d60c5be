import type { JsonObject } from '../contract/http.ts';
import type { DocumentStore } from '../documents/store.ts';
import { nextReset, periodOf } from './period.ts';
import type { PeriodType } from './schema.ts';

/**
 * How much of each limit is used: one document for each user, plugin and limit, in production's shape. A new
 * period begins with the first look at it.
 */

export const USAGE = 'entitlement_usage';

/** Where usage is counted, and who hears of it: plugins that subscribe to production's events. */
export interface UsageLedger {
  readonly documents: DocumentStore;
  publish(event: string, data: JsonObject): void;
}

export interface UsageOwner {
  readonly appId: string;
  readonly userId: string;
  readonly plugin: string;
}

export interface UsageKey extends UsageOwner {
  readonly limitKey: string;
  readonly periodType: PeriodType;
  /** What the limit is now; a period that has begun keeps the limit that it began with. */
  readonly limit: number;
}

export interface Usage {
  readonly allowed: number;
  readonly used: number;
  readonly remaining: number;
  readonly period: string;
  /** ISO 8601, null where it never does. */
  readonly resets_at: string | null;
}

/** What is stored of each limit of a user in a plugin. */
export interface StoredUsage {
  readonly used: number;
  readonly period: string;
}

/** A use that the limit has no room for; `message` is production's sentence. */
export class InsufficientLimitError extends Error {
  constructor(limitKey: string, needed: number, left: number) {
    super(insufficient(limitKey, needed, left));
    this.name = 'InsufficientLimitError';
  }
}

export function insufficient(limitKey: string, needed: number, left: number): string {
  return `Insufficient ${limitKey}: need ${needed}, have ${left}`;
}

/** Everything stored of a user in a plugin, whatever its period. */
export async function readUsage(
  store: DocumentStore,
  owner: UsageOwner,
): Promise<ReadonlyMap<string, StoredUsage>> {
  const own = await readOwn(store, owner);
  return new Map(
    own.map((document) => [
      String(document.limit_key),
      { used: numberOf(document.used), period: String(document.period) },
    ]),
  );
}

/** The same as production's `get_all_usage` gives it: with the limit that each period began with. */
export async function listUsage(store: DocumentStore, owner: UsageOwner): Promise<JsonObject> {
  const own = await readOwn(store, owner);
  return Object.fromEntries(
    own.map((document) => {
      const [allowed, used] = [numberOf(document.limit), numberOf(document.used)];
      const { period = null, period_type = null } = document;
      const usage = { allowed, used, remaining: Math.max(0, allowed - used), period, period_type };
      return [String(document.limit_key), usage];
    }),
  );
}

async function readOwn(
  store: DocumentStore,
  { appId, userId, plugin }: UsageOwner,
): Promise<readonly JsonObject[]> {
  const documents = await store.read(USAGE);
  return documents.filter(
    (document) => document.app_id === appId && document.user_id === userId && document.plugin === plugin,
  );
}

export function getUsage(ledger: UsageLedger, key: UsageKey, now: Date): Promise<Usage> {
  return ledger.documents.update(USAGE, (documents) =>
    describeUsage(currentPeriod(ledger, documents, key, now), key, now),
  );
}

/**
 * Uses some of a limit.
 * @throws {InsufficientLimitError} when less than that is left; nothing is used then
 */
export async function consumeLimit(
  ledger: UsageLedger,
  key: UsageKey,
  amount: number,
  now: Date,
): Promise<Usage> {
  const usage = await ledger.documents.update(USAGE, (documents) => {
    const document = currentPeriod(ledger, documents, key, now);
    const { allowed, remaining, period } = describeUsage(document, key, now);
    if (remaining < amount) {
      const limit = { ...namesOf(key), attempted: amount, limit: allowed, period };
      ledger.publish('entitlement.limit_reached', limit);
      throw new InsufficientLimitError(key.limitKey, amount, remaining);
    }
    document.used = numberOf(document.used) + amount;
    const at = isoTime(now);
    Object.assign(document, { first_use: document.first_use ?? at, last_use: at, updated_at: at });
    return describeUsage(document, key, now);
  });
  const { used, remaining, period } = usage;
  ledger.publish('entitlement.consumed', { ...namesOf(key), amount, used, remaining, period });
  return usage;
}

/** As production's events name them. */
function namesOf({ userId, plugin, limitKey }: UsageKey): JsonObject {
  return { user_id: userId, plugin, limit_key: limitKey };
}

/** The document of the running period: as it is, or set back to nothing used, or new. */
function currentPeriod(ledger: UsageLedger, documents: JsonObject[], key: UsageKey, now: Date): JsonObject {
  const period = periodOf(key.periodType, now);
  const found = documents.find((document) => isOf(document, key));
  if (found?.period === period) return found;
  const fresh = {
    app_id: key.appId,
    user_id: key.userId,
    plugin: key.plugin,
    limit_key: key.limitKey,
    period,
    period_type: key.periodType,
    used: 0,
    limit: key.limit,
    first_use: null,
    last_use: null,
    updated_at: isoTime(now),
  };
  if (found !== undefined) {
    const previous = { previous_period: found.period ?? null, previous_used: numberOf(found.used) };
    ledger.publish('entitlement.period_reset', { ...namesOf(key), ...previous, new_period: period });
    return Object.assign(found, fresh);
  }
  documents.push(fresh);
  return fresh;
}

function isOf(document: JsonObject, { appId, userId, plugin, limitKey }: UsageKey): boolean {
  const { app_id, user_id, limit_key } = document;
  return app_id === appId && user_id === userId && document.plugin === plugin && limit_key === limitKey;
}

function describeUsage(document: JsonObject, { periodType }: UsageKey, now: Date): Usage {
  const [allowed, used] = [numberOf(document.limit), numberOf(document.used)];
  const resetsAt = nextReset(periodType, now);
  return {
    allowed,
    used,
    remaining: Math.max(0, allowed - used),
    period: String(document.period),
    resets_at: resetsAt === null ? null : isoTime(resetsAt),
  };
}

/** As Python's `isoformat()` writes a time in UTC. */
export function isoTime(date: Date): string {
  return date.toISOString().replace('.000Z', '+00:00').replace(/Z$/, '000+00:00');
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
