import { expect, it } from 'vitest';
import { CallQueue } from '../../../main/plugins/engine/call-queue.ts';

it('admits calls in order of arrival, and ignores those that left', async () => {
  const queue = new CallQueue(1);
  const order: string[] = [];
  const enter = (name: string) => {
    const place = queue.enter();
    return { ...place, done: place.turn.then(() => order.push(name)) };
  };
  const [first, second, third] = [enter('first'), enter('second'), enter('third')];
  await first.done;
  expect(order).toEqual(['first']);
  second.leave();
  first.leave();
  // A place that is left twice must not free two turns.
  first.leave();
  await third.done;
  const fourth = enter('fourth');
  await Promise.resolve();
  expect(order).toEqual(['first', 'third']);
  third.leave();
  await fourth.done;
  expect(order).toEqual(['first', 'third', 'fourth']);
});
