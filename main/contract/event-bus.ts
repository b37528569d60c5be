import type { SubscriberEnd } from './host.ts';

/** The events of the bus that all Python plugins share, and who subscribes to them (CONTRACT.md §4). */

export const BUS_LIMITS = {
  /** Events that are remembered. */
  events: 200,
  /** Of an event's data as it is shown, in characters. */
  shownLength: 4 * 1024,
  /** Data beyond this is not shown at all: masking it would hold up calls. */
  maskedLength: 64 * 1024,
  /** Of data that Send event takes, in characters. */
  sentLength: 256 * 1024,
  /** Plugins that one event names. */
  deliveries: 100,
  /** Names of events that a plugin's view lists. */
  subscriptions: 100,
} as const;

/** What had an event published. */
export type EventCause =
  /** `trace` is the id of the call's trace; null outside of any. */
  | { readonly kind: 'plugin'; readonly plugin: string; readonly trace: string | null }
  | { readonly kind: 'runtime'; readonly trace: string | null }
  /** Sent by hand: in the name of a plugin, or, with null, of the runtime. */
  | { readonly kind: 'sent'; readonly as: string | null };

/** How far an event has come on its way to one plugin. */
export type DeliveryState =
  /** Its process is being started. */
  | { readonly kind: 'waking' }
  /** Its subscribers run. */
  | { readonly kind: 'running' }
  /** They have ended. `subscribers` is empty where its process doesn't tell. */
  | { readonly kind: 'ended'; readonly subscribers: readonly SubscriberEnd[]; readonly durationMs: number }
  /** It didn't get it, or how it took it will never be known. */
  | { readonly kind: 'lost'; readonly reason: string };

export interface EventDelivery {
  readonly plugin: string;
  /** It published the event itself, and got it in its own process. */
  readonly isOwn: boolean;
  readonly state: DeliveryState;
}

/** An event as the bus had it. */
export interface BusEvent {
  /** 1, 2, 3, … since the start. */
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly name: string;
  /** JSON, masked, and cut where it is longer than `BUS_LIMITS.shownLength`; null beyond `maskedLength`. */
  readonly data: string | null;
  /** Characters of the whole data as JSON. */
  readonly length: number;
  readonly cause: EventCause;
  /** The plugins that it goes to, at most `BUS_LIMITS.deliveries`. */
  readonly deliveries: readonly EventDelivery[];
}

/** The events of one name that a plugin subscribes to, with the names of the functions that get them. */
export interface EventSubscription {
  readonly event: string;
  /** In order of subscription; the first ones of many. */
  readonly subscribers: readonly string[];
}

/** What a UI may ask about events. */
export interface EventFunctions {
  /** The newest last. */
  busEvents: { argument: null; answer: readonly BusEvent[] };
  /**
   * Publishes an event to the subscribers of every plugin, parked ones too. `data` is JSON as it was typed. BAD_REQUEST
   * when it is not. The answer is the event as it is then; how it goes on is told by the event `busEvents`.
   */
  sendEvent: { argument: { name: string; data: string; as: string | null }; answer: BusEvent };
  /** Forgets them. */
  clearBusEvents: { argument: null; answer: null };
}

/** An event that production's runtime publishes by itself, with what it carries. */
export interface RuntimeEvent {
  readonly name: string;
  readonly when: string;
  readonly data: Readonly<Record<string, string | number>>;
}

const OF_LIMIT = { user_id: 'dev-user', plugin: 'my_plugin', limit_key: 'calls' } as const;

/** What production's runtime publishes. */
export const RUNTIME_EVENTS: readonly RuntimeEvent[] = [
  {
    name: 'plugin_executed',
    when: 'A plugin has answered without an error',
    data: { app_id: 'dev_app', plugin: 'my_plugin', user: 'dev-user', execution_time: 0.01 },
  },
  {
    name: 'settings_updated',
    when: 'A user’s settings of a plugin were saved',
    data: { user_id: 'dev-user', plugin: 'my_plugin' },
  },
  {
    name: 'plugin_settings_updated',
    when: 'They were saved by the route',
    data: { user_id: 'dev-user', plugin: 'my_plugin' },
  },
  {
    name: 'notification_preferences_updated',
    when: 'A user chose which notifications to get',
    data: { user_id: 'dev-user' },
  },
  {
    name: 'all_notifications_read',
    when: 'A user marked all notifications as read',
    data: { user_id: 'dev-user' },
  },
  {
    name: 'api_error',
    when: 'A request failed in a way that nobody foresaw',
    data: { path: '/api/execute/my_plugin', method: 'POST', error: 'something broke' },
  },
  {
    name: 'entitlement.consumed',
    when: 'An action used some of a limit',
    data: { ...OF_LIMIT, amount: 1, used: 1, remaining: 9, period: '2026-01' },
  },
  {
    name: 'entitlement.limit_reached',
    when: 'An action needed more than is left',
    data: { ...OF_LIMIT, attempted: 1, limit: 10, period: '2026-01' },
  },
  {
    name: 'entitlement.feature_blocked',
    when: 'An action needs a feature that the user’s plan lacks',
    data: { user_id: 'dev-user', plugin: 'my_plugin', feature_key: 'export', tier: 'free' },
  },
  {
    name: 'entitlement.period_reset',
    when: 'A new period of a limit began',
    data: { ...OF_LIMIT, previous_period: '2025-12', new_period: '2026-01', previous_used: 10 },
  },
  {
    name: 'subscription_updated',
    when: 'A user’s plan changed on the platform',
    data: { user_id: 'dev-user', plan: 'pro' },
  },
  {
    name: 'subscription_canceled',
    when: 'A user’s plan ended on the platform',
    data: { user_id: 'dev-user' },
  },
];

/** Production's documents name them, and nothing in it publishes them. */
const NEVER_PUBLISHED: readonly string[] = [
  'user:registered',
  'user:profile_updated',
  'subscription:changed',
];

/**
 * Why subscribers may wait for an event of this name in vain in production; null where its runtime publishes it, or
 * one of `published`, what plugins were seen to publish, does.
 */
export function warnOfEventName(name: string, published: ReadonlySet<string>): string | null {
  if (NEVER_PUBLISHED.includes(name)) {
    return 'Production’s documents name it, and nothing in production ever publishes it.';
  }
  if (published.has(name) || RUNTIME_EVENTS.some((known) => known.name === name)) return null;
  if (name === 'plugin_execution_error') return 'Production doesn’t publish it when a plugin fails.';
  return 'No part of production’s runtime publishes this, and no plugin here has published it yet.';
}
