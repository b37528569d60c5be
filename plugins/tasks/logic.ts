import type { Execute, PluginInput, PluginOutput } from '../../main/contract/plugin.ts';
import { complete, create, list, remove } from './store.ts';

/**
 * `{"action": "create", "title": "Buy milk"}`, `{"action": "complete", "id": 1}`, `delete` in the same way,
 * `list` by default.
 */
export const execute: Execute = (data) => {
  // Injected by the runtime, so nobody reaches another user's tasks.
  const user = data._context.user_id;
  switch (data.action ?? 'list') {
    case 'list':
      return { tasks: list(user) };
    case 'create':
      return createTask(user, data);
    case 'complete':
      return withId(data, (id) => ({ task: complete(user, id) ?? null }));
    case 'delete':
      return withId(data, (id) => ({ deleted: remove(user, id) }));
    default:
      return { error: '"action" must be list, create, complete or delete', error_code: 'BAD_ACTION' };
  }
};

function createTask(user: string, { title }: PluginInput): PluginOutput {
  if (typeof title !== 'string' || title.trim() === '') {
    return { error: '"title" must be a string', error_code: 'BAD_TITLE' };
  }
  return { task: create(user, title.trim()) };
}

function withId({ id }: PluginInput, act: (id: number) => PluginOutput): PluginOutput {
  return typeof id === 'number' ? act(id) : { error: '"id" must be a number', error_code: 'BAD_ID' };
}
