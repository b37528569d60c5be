import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { formatJson } from '../../main/contract/json-text.ts';
import { createSampleFiles } from '../../main/plugins/authoring/samples.ts';
import { bench } from './workspace.ts';

const path = resolve(import.meta.dirname, '../../plugins');
const EXAMPLES = ['hello', 'hello_py', 'invoice_py', 'notes_py', 'notes_ts', 'slow', 'tasks', 'whoami'];

const as = (user_id: string, roles = ['user']) => ({
  app_id: 'app',
  user_id,
  _context: { app_id: 'app', user_id, username: null, roles, is_superadmin: false },
});

it('the example plugins do what they show', async () => {
  const { engine, value, call } = await bench({}, { path });
  expect(engine.list().map(({ name, status }) => [name, status])).toEqual(
    EXAMPLES.map((name) => [name, 'loaded']),
  );

  expect(await value('hello', { ...as('ann'), greeting: 'Welcome' })).toEqual({
    message: 'Welcome, ann!',
    roles: ['user'],
  });
  expect(await value('hello', { ...as('ann'), greeting: 5 })).toMatchObject({ error_code: 'BAD_GREETING' });

  expect(await value('hello_py', { ...as('ann'), greeting: 'Welcome' })).toEqual({
    message: 'Welcome, ann!',
    roles: ['user'],
  });
  expect(await value('hello_py', { ...as('ann'), greeting: 5 })).toMatchObject({
    error_code: 'BAD_GREETING',
  });

  const items = [{ name: 'Tea', price: '2.50', quantity: 4 }];
  expect(await value('invoice_py', { ...as('ann'), items, tax_percent: 19 })).toEqual({
    for: 'ann',
    lines: [{ name: 'Tea', total: '10.00' }],
    net: '10.00',
    tax: '1.90',
    total: '11.90',
  });
  expect(await value('invoice_py', { ...as('ann'), items: [{ name: 'Tea', price: 'x' }] })).toMatchObject({
    error_code: 'BAD_ITEM',
  });

  expect(await value('whoami', { ...as('ann'), user_jwt: 'a.b.c' })).toEqual({
    ...as('ann'),
    user_jwt: true,
  });
  expect(await value('whoami', as('ann'))).toMatchObject({ user_jwt: false });

  expect(await value('tasks', { ...as('ann'), action: 'create', title: ' Milk ' })).toEqual({
    task: { id: 1, title: 'Milk', done: false },
  });
  expect(await value('tasks', { ...as('bob'), action: 'complete', id: 1 })).toEqual({ task: null });
  expect(await value('tasks', { ...as('ann'), action: 'complete', id: 1 })).toMatchObject({
    task: { done: true },
  });
  expect(await value('tasks', as('bob'))).toEqual({ tasks: [] });
  expect(await value('tasks', { ...as('ann'), action: 'delete', id: 1 })).toEqual({ deleted: true });
  expect(await value('tasks', { ...as('ann'), action: 'dance' })).toMatchObject({ error_code: 'BAD_ACTION' });

  expect(await value('slow', { ...as('ann'), seconds: 0.01 })).toEqual({ waited_seconds: 0.01 });
  expect((await call('slow', { ...as('ann'), seconds: 60 }, 200)).result).toEqual({ kind: 'timeout' });
});

it.each(EXAMPLES)('%s comes with samples as the workbench writes them', async (plugin) => {
  const { samples, notice } = await createSampleFiles(() => path).list(plugin);
  expect(notice).toBeNull();
  expect(samples.length).toBeGreaterThanOrEqual(2);
  for (const { name, text, problem } of samples) {
    expect([name, problem]).toEqual([name, null]);
    expect(text).toBe(formatJson(text ?? ''));
  }
});
