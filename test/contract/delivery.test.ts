import { expect, it } from 'vitest';
import { deliveryTo, describeDelivery } from '../../main/contract/delivery.ts';

it('names the plugins that an event went to, and counts those beyond', () => {
  const describe = (plugins: readonly string[]) => describeDelivery(JSON.stringify(deliveryTo(plugins)));
  expect(describe(['notes', 'tasks'])).toBe('to notes, tasks');
  const many = Array.from({ length: 53 }, (_, at) => `p${at}`);
  expect(describe(many)).toMatch(/^to p0, p1, .*, p49 and 3 more$/);
});

it.each(['', 'null', '{}', '{"to":"notes"}', '{"to":[1]}', '{"to":[]}', 'to somebody'])(
  'leaves %j of a foreign file as it is',
  (detail) => {
    expect(describeDelivery(detail)).toBe(detail);
  },
);
