import { expect, it } from 'vitest';
import { warnOfEventName } from '../../main/contract/event-bus.ts';

const NONE = new Set<string>();

it.each(['user:registered', 'user:profile_updated', 'subscription:changed'])(
  'nothing in production ever publishes %s, whatever is published here',
  (name) => {
    expect(warnOfEventName(name, new Set([name]))).toContain('ever publishes it');
  },
);

it.each(['plugin_executed', 'entitlement.consumed', 'subscription_updated'])(
  'production’s runtime publishes %s',
  (name) => {
    expect(warnOfEventName(name, NONE)).toBeNull();
  },
);

it('warns of a name that nobody was seen to publish', () => {
  expect(warnOfEventName('film:added', NONE)).toContain('no plugin here');
  expect(warnOfEventName('film:added', new Set(['film:added']))).toBeNull();
  expect(warnOfEventName('plugin_execution_error', NONE)).toContain('when a plugin fails');
});
