import { expect } from 'vitest';
import type { Answer, TestRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** What the plugins of `test/fixtures/guide-plugins/` answer, each plugin's calls in their order. */

export interface Call {
  readonly user: 'ada' | 'bob';
  readonly body: { readonly action: string } & Readonly<Record<string, unknown>>;
  /** Of a 200 the whole body, else `detail` and `error_code`. */
  readonly answer: object;
}

const call = (user: Call['user'], action: string, answer: object, more: object = {}): Call => {
  return { user, body: { action, ...more }, answer };
};
const SAVED = { success: true, message: 'Settings saved successfully' };

const ROLES = { ada: ['curator'], bob: ['porter', 'user'] };

export const as = (user: Call['user']) => bearer(localToken({ sub: user, roles: ROLES[user] }));

/** What is compared: the whole body of a 200, and of an error all but its status, which is 500. */
export function essence({ status, json }: Answer): unknown {
  if (status === 200) return json;
  const { detail, error_code, status_code } = Object(json);
  return { detail, error_code, ...(status_code === 500 ? {} : { status_code }) };
}

export async function expectAnswers(
  runtime: TestRuntime,
  plugin: string,
  calls: readonly Call[],
): Promise<void> {
  for (const { user, body, answer } of calls) {
    const answered = await runtime.execute(plugin, body, as(user));
    expect({ user, body, answer: essence(answered) }).toEqual({ user, body, answer });
  }
  const unknown = await runtime.execute(plugin, { action: 'dance' }, as('ada'));
  expect(essence(unknown)).toEqual({ detail: 'Unknown action: dance', error_code: 'PLUGIN_ERROR' });
}

/** Settings are each user's own, whatever the plugin calls them. */
function settingsCalls(defaults: object, wish: object): readonly Call[] {
  return [
    call('ada', 'save_settings', SAVED, { settings: wish }),
    call('ada', 'get_settings', { settings: { ...defaults, ...wish } }),
    call('bob', 'get_settings', { settings: defaults }),
  ];
}

/** These need neither a database nor its driver. */
export const PLAIN: Readonly<Record<string, readonly Call[]>> = {
  ferry_times: [
    call('ada', 'piers', { piers: ['north', 'south'], asked_by: 'ada', app: 'dev_app' }),
    call('bob', 'next', { pier: 'south', next: '13:55', asked_by: 'bob' }, { pier: 'south', after: '09:00' }),
  ],
  key_cabinet: [
    call('ada', 'keys', { user: 'ada', keys: ['front door', 'vault'] }),
    call('bob', 'keys', { user: 'bob', keys: ['front door'] }),
    call('ada', 'change_locks', { changed: true, by: 'ada' }),
    call('bob', 'change_locks', { detail: 'Only a curator changes locks', error_code: 'FORBIDDEN' }),
  ],
  bell_tower: [
    call('ada', 'ring', { heard: ['great'] }, { bell: 'great' }),
    call('bob', 'ring', { heard: ['small'] }),
    call('ada', 'stats', { rung: 2, failed: 0 }),
  ],
  tea_timer: [
    call(
      'ada',
      'save_settings',
      { ...SAVED, settings: { minutes: 5, kind: 'green' } },
      { settings: { minutes: 5, sugar: 2 } },
    ),
    call('ada', 'get_settings', { settings: { minutes: 5, kind: 'green' } }),
    call('bob', 'get_settings', { settings: { minutes: 3, kind: 'green' } }),
    // Without a settings_config.json there is nothing to prefer.
    call('ada', 'prefer', { preferences: {} }, { preferences: { tea_timer_settings: { enabled: false } } }),
    call('bob', 'preferences', { preferences: {} }),
  ],
  quote_box: [
    call('ada', 'prefer', SAVED, { author: 'Sappho' }),
    call('ada', 'preferred', { author: 'Sappho' }),
    call('bob', 'preferred', { author: 'anybody' }),
    call('bob', 'whisper', { whispered: true }, { text: 'less is more' }),
  ],
  guest_book: [],
};

/** These import the driver; here is what they answer without a database. */
export const WITH_DRIVER: Readonly<Record<string, readonly Call[]>> = {
  seed_library: settingsCalls({ per_page: 20, tell_me: true }, { tell_me: false }),
  tool_shed: settingsCalls({ per_page: 20, tell_me: true }, { per_page: 5 }),
  bird_log: [],
  garden_plan: settingsCalls({ zone: '7b', metric: true }, { zone: '9a' }),
  reading_list: settingsCalls({ order: 'newest' }, { order: 'title' }),
  till_report: [],
  chore_wheel: ['ada', 'bob'].map((user) =>
    call(user === 'ada' ? 'ada' : 'bob', 'plan', {
      turns: ['2026-03-02T09:30:00+00:00', '2026-03-09T09:30:00+00:00'],
      every: 604_800,
      settings: { starts_on: 'monday' },
    }),
  ),
};

/** One action that uses the database. */
interface Store {
  readonly body: object;
  /** The plugin catches every error, so that its answer says nothing. */
  readonly isCaught: boolean;
  /** The setting that has the database's address; default: that of production's own modules. */
  readonly variable?: 'MONGODB_URI';
}

export const STORES: Readonly<Record<string, Store>> = {
  seed_library: { body: { action: 'create', name: 'Dill' }, isCaught: true },
  tool_shed: { body: { action: 'list' }, isCaught: true },
  bird_log: { body: { action: 'add', species: 'wren' }, isCaught: false },
  quote_box: { body: { action: 'store', text: 'less is more' }, isCaught: false },
  garden_plan: { body: { action: 'create', plant: 'dill' }, isCaught: true },
  reading_list: { body: { action: 'list' }, isCaught: false },
  till_report: { body: { action: 'by_day' }, isCaught: false },
  chore_wheel: { body: { action: 'create', title: 'Sweep' }, isCaught: false },
  guest_book: { body: { action: 'sign', text: 'Hello' }, isCaught: false, variable: 'MONGODB_URI' },
};
