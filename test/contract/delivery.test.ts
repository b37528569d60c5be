import { expect, it } from 'vitest';
import { deliveryTo, describeDelivery, describeSending } from '../../main/contract/delivery.ts';

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

it.each([
  ['{"user_id":"ada","delivered_to":2}', 'delivered to 2 connections of ada'],
  ['{"user_id":"ada","delivered_to":1}', 'delivered to 1 connection of ada'],
  ['{"to":"all users","delivered_to":0}', 'delivered to 0 connections'],
  ['{"user_id":"ada"}', null],
  ['null', null],
  ['to somebody', null],
])('says of the message %s whom it reached', (detail, said) => {
  expect(describeSending(detail)).toBe(said);
});
