import { expect } from 'vitest';
import type { Outcome } from '../../main/contract/trace.ts';
import type { LanguagePlugin } from './language-plugins.ts';

/** What each of the plugins in language-plugins.ts is answered with, in either language. */

interface Row {
  readonly title: string;
  readonly plugin: LanguagePlugin;
  readonly body?: object;
  readonly status: number;
  /** The whole body; of an error its `detail`. */
  readonly answer: unknown;
  readonly code?: string;
  readonly outcome: Outcome;
}

const invalid = (reason: string) =>
  ({
    status: 500,
    answer: expect.stringMatching(new RegExp(`^Plugin returned no JSON object: .*${reason}`)),
    code: 'PLUGIN_INVALID_RESULT',
    outcome: 'exception',
  }) as const;
const raised = (text: unknown) =>
  ({ status: 500, answer: text, code: 'PLUGIN_EXCEPTION', outcome: 'exception' }) as const;
const crashed = (reason: string) =>
  ({
    status: 500,
    answer: expect.stringMatching(new RegExp(`crashed: .*${reason}`)),
    code: 'PLUGIN_CRASHED',
    outcome: 'crashed',
  }) as const;
const notLoaded = (reason: string) =>
  ({
    status: 500,
    answer: expect.stringMatching(new RegExp(`^Plugin '\\w+' failed to load: [^\\n]*${reason}[^\\n]*$`)),
    code: 'PLUGIN_LOAD_FAILED',
    outcome: 'exception',
  }) as const;
const fine = (answer: object) => ({ status: 200, answer, outcome: 'ok' }) as const;
const answered = (answer: object, detail: string, code: string) =>
  ({ body: { answer }, status: 500, answer: detail, code, outcome: 'plugin_error' }) as const;

export const TABLE: readonly Row[] = [
  {
    title: 'async execute',
    plugin: 'echo',
    body: { n: 1 },
    ...fine({ seen: expect.objectContaining({ n: 1 }) }),
  },
  { title: 'sync execute', plugin: 'plain', body: { name: 'Ada' }, ...fine({ seen: 'Ada' }) },
  { title: 'run', plugin: 'runs', ...fine({ by: 'run' }) },
  { title: 'backend/logic', plugin: 'backs', ...fine({ by: 'backend' }) },
  { title: 'helper modules', plugin: 'helped', body: { n: 21 }, ...fine({ n: 42 }) },
  { title: 'an empty object', plugin: 'own_error', body: { answer: {} }, ...fine({}) },
  {
    title: 'an error of its own',
    plugin: 'own_error',
    ...answered({ error: 'no such task' }, 'no such task', 'PLUGIN_ERROR'),
  },
  {
    title: 'an error with a code',
    plugin: 'own_error',
    ...answered({ error: 'gone', error_code: 'TASK_GONE' }, 'gone', 'TASK_GONE'),
  },
  { title: 'a null error', plugin: 'own_error', ...answered({ error: null }, 'null', 'PLUGIN_ERROR') },
  ...['nothing', 'null', 'list', 'text', 'number', 'function'].map(
    (what): Row => ({
      title: `P4: returns ${what}`,
      plugin: 'returns',
      body: { what },
      ...invalid('it returned'),
    }),
  ),
  ...(
    [
      ['object', 'at deep\\[0\\]'],
      ['callable', 'a .*function.* at f'],
      ['cycle', 'a cycle at rows\\[0\\]'],
      ['nan', '(NaN|nan) at rows\\[0\\]\\.n'],
      ['infinity', '[iI]nf.* at n'],
      ['big', 'the limit is 5\\.0 MB'],
    ] as const
  ).map(
    ([what, reason]): Row => ({
      title: `P4: returns ${what}`,
      plugin: 'returns',
      body: { what },
      ...invalid(reason),
    }),
  ),
  { title: 'raises in async code', plugin: 'raises', ...raised('Error executing plugin: went wrong') },
  {
    title: 'raises in sync code',
    plugin: 'raises_plainly',
    ...raised('Error executing plugin: went wrong'),
  },
  {
    title: 'raises without words',
    plugin: 'raises',
    body: { how: 'empty' },
    ...raised(expect.stringMatching(/^Error executing plugin: \w*Error$/)),
  },
  {
    title: 'P3: overflows the stack',
    plugin: 'overflows',
    ...raised(expect.stringMatching(/stack|recursion/)),
  },
  { title: 'P3: exits', plugin: 'dies', body: { how: 'exit' }, ...crashed('exit') },
  { title: 'P3: aborts', plugin: 'dies', body: { how: 'abort' }, ...crashed('SIGABRT') },
  { title: 'has never loaded', plugin: 'broken', ...notLoaded('') },
  { title: 'lacks a package', plugin: 'missing', ...notLoaded('no.such.package') },
  { title: 'defines no handler', plugin: 'empty', ...notLoaded('no function execute\\(data\\)') },
  {
    title: 'is disabled',
    plugin: 'off',
    status: 404,
    answer: "Plugin 'off' not found or disabled",
    code: 'NOT_FOUND',
    outcome: 'refused',
  },
];
