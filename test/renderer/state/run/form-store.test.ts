import { describe, expect, it } from 'vitest';
import { isSameBody, toRunInput } from '../../../../renderer/state/run/form-store.ts';
import { stubStores } from '../../support/stub-stores.ts';

const open = (stored: Readonly<Record<string, unknown>> = {}) => {
  const { stores, page } = stubStores({}, { stored });
  const { runForm, ui } = stores;
  return {
    runForm,
    ui,
    page,
    choices: () => runForm.store.getState().choices,
    sentTo: (plugin: string) => runForm.store.getState().sentBodies[plugin],
  };
};

describe('choices', () => {
  it('keeps personas in order, the baseline first', () => {
    const { runForm, choices } = open();
    runForm.choose({ personas: ['user', 'expired'] });
    runForm.togglePersona('anonymous');
    expect(choices().personas).toEqual(['user', 'anonymous', 'expired']);
    runForm.compareWith('expired');
    expect(choices().personas).toEqual(['expired', 'anonymous', 'user']);
    runForm.togglePersona('expired');
    expect(choices().personas).toEqual(['anonymous', 'user']);
  });

  it('records samples and paths by plugin, and removes them', () => {
    const { runForm, choices } = open();
    runForm.chooseSample('a', { name: 'x', revision: 'r' });
    runForm.chooseRoute('a', 'plugin-host');
    runForm.chooseRoute('constructor', 'plugin-host');
    runForm.chooseSample('a', null);
    runForm.chooseRoute('a', 'execute');
    expect(choices()).toMatchObject({ samples: {}, routes: { constructor: 'plugin-host' } });
  });

  it.each([
    undefined,
    null,
    7,
    { personas: 'x', several: 'yes', samples: [1], routes: { a: 'elsewhere' }, allFields: null },
    { samples: { a: { name: 1 } }, personas: [7, 'nobody'] },
  ])('tolerates %j in storage', (stored) => {
    const { several, allFields, samples, routes } = open({ 'run-choices': stored ?? null }).choices();
    expect({ several, allFields, samples, routes }).toEqual({
      several: false,
      allFields: true,
      samples: {},
      routes: {},
    });
  });

  it('loses only the field that is invalid', () => {
    const { choices } = open({ 'run-choices': { several: true, personas: 'x' } });
    expect(choices()).toMatchObject({
      several: true,
      personas: ['anonymous', 'user', 'admin', 'superadmin', 'expired'],
    });
  });

  it('restores what was stored', () => {
    const stored = {
      several: true,
      personas: ['admin', 'user', 'admin'],
      allFields: false,
      samples: { a: { name: 'x', revision: 'r' } },
      routes: { a: 'plugin-host' },
      subscriptions: { user: { plan: 'team', tiers: 'a=pro' } },
    };
    expect(open({ 'run-choices': stored }).choices()).toEqual({ ...stored, personas: ['admin', 'user'] });
  });

  it('stores choices under the key of earlier versions', () => {
    const { runForm, page } = open();
    runForm.choose({ several: true });
    expect(JSON.parse(page.stored.get('run-choices') ?? '')).toMatchObject({ several: true, samples: {} });
  });
});

describe('sent bodies', () => {
  it('lists the latest first, without duplicates', () => {
    const { runForm, sentTo, page } = open();
    runForm.rememberBody('echo', '1');
    runForm.rememberBody('echo', '2');
    runForm.rememberBody('echo', '1');
    runForm.rememberBody('other', '3');
    expect(sentTo('echo')).toEqual(['1', '2']);
    expect(JSON.parse(page.stored.get('sent-bodies') ?? '')).toEqual({ echo: ['1', '2'], other: ['3'] });
  });

  it('drops old and long bodies', () => {
    const { runForm, sentTo } = open();
    for (let at = 0; at < 20; at++) runForm.rememberBody('echo', String(at));
    runForm.rememberBody('echo', 'x'.repeat(20_000));
    expect(sentTo('echo')).toHaveLength(8);
    expect(sentTo('echo')?.[0]).toBe('19');
  });

  it('accepts a plugin named like an object method', () => {
    const { runForm, sentTo } = open();
    runForm.rememberBody('constructor', '{}');
    expect(sentTo('constructor')).toEqual(['{}']);
  });

  it.each([undefined, null, 'x', { echo: 'no list' }, { echo: [7, null] }])(
    'tolerates %j in storage',
    (stored) => {
      const { runForm } = open({ 'sent-bodies': stored ?? null });
      expect(Object.values(runForm.store.getState().sentBodies).flat()).toEqual([]);
    },
  );
});

it('takes the first plugin until one is chosen', () => {
  const { runForm, ui, choices } = open();
  const input = () => toRunInput(ui.store.getState(), choices(), 'hello');
  const plain = { plugin: 'hello', persona: 'user', body: '{}', route: 'execute', token: '' };
  expect(input()).toEqual({ ...plain, subscriptions: {} });
  ui.choose({ runPlugin: 'echo' });
  runForm.writeBody('echo', '{"a":1}');
  runForm.chooseRoute('echo', 'plugin-host');
  expect(input()).toMatchObject({ plugin: 'echo', body: '{"a":1}', route: 'plugin-host' });
  expect(toRunInput(open().ui.store.getState(), choices(), undefined).plugin).toBe('');
});

it('distinguishes 1.0 from 1 and ignores whitespace', () => {
  expect(isSameBody('{"n":1}', '{ "n" : 1 }')).toBe(true);
  expect(isSameBody('{"n":1}', '{"n":1.0}')).toBe(false);
  expect(isSameBody('{oops', '{oops')).toBe(true);
});
