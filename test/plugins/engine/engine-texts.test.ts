import { expect, it } from 'vitest';
import { bench, eventually } from '../workspace.ts';

/** A client's text on its way through a plugin's errors, lines and last words. */

const SOURCE = `export const execute = ({ how, text }) => {
  if (how === 'throw') throw new Error('unknown name: ' + text);
  if (how === 'frame') { const error = new Error('no'); error.stack = 'Error: no\\n    at ' + text + '\\n    at f (' + text; throw error; }
  if (how === 'line') { console.log(text); return {}; }
  setTimeout(() => { throw new Error(text); });
  return new Promise(() => {});
};`;

it('P10: goes on at once whatever a plugin throws, prints or dies with', async () => {
  const { call, engine } = await bench({ 'p/logic.js': SOURCE });
  await call('p', { how: 'line', text: 'warm' });
  const before = process.cpuUsage();
  for (const part of ['\n', ' ', ' (/:1', 'eyJaaaaa', '"']) {
    const text = part.repeat(60_000 / part.length);
    for (const how of ['throw', 'frame', 'line']) {
      const { result } = await call('p', { how, text });
      expect(result.kind).toBe(how === 'line' ? 'returned' : 'threw');
    }
  }
  expect(await call('p', { how: 'die', text: ' (/:1'.repeat(12_000) })).toMatchObject({
    result: { kind: 'crashed' },
  });
  const { user, system } = process.cpuUsage(before);
  // Each of the first two texts alone took seven seconds of it.
  expect((user + system) / 1_000).toBeLessThan(5_000);
  expect(engine.get('p')?.status).not.toBe('failed');
});

const FOREIGN = ['file://host/x.js', 'file:///%zz'];

it.each(FOREIGN)(
  'P11: has the text of an error whose stack names %s, in a call and at load',
  async (place) => {
    const error = `Object.assign(new Error('told'), { stack: 'Error: told\\n    at ${place}:1:1' })`;
    const { call, engine, write } = await bench({
      'p/logic.js': `export const execute = () => { throw ${error}; };`,
    });
    expect((await call('p')).result).toMatchObject({ kind: 'threw', message: 'told', stack: null });
    await write('p/logic.js', `throw ${error};`);
    await eventually(() => engine.get('p')).toMatchObject({ status: 'failed', failure: { message: 'told' } });
  },
);
