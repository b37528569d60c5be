import { expect, it } from 'vitest';
import { load, settingOf } from '../../support/configuration.ts';

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';

it('sends executions nowhere unless the environment names a collector', async () => {
  const config = await load();
  expect(config.otlp).toBeNull();
  expect(settingOf(config, ENDPOINT)).toMatchObject({ source: 'default' });
});

it('builds the address for traces as the specification says', async () => {
  const urlOf = async (env: Record<string, string>) => (await load({ env })).otlp?.url;
  expect(await urlOf({ [ENDPOINT]: 'http://localhost:4318' })).toBe('http://localhost:4318/v1/traces');
  expect(await urlOf({ [ENDPOINT]: 'https://c.test/otlp/' })).toBe('https://c.test/otlp/v1/traces');
  const whole = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c.test/mine' };
  expect(await urlOf({ [ENDPOINT]: 'http://localhost:4318', ...whole })).toBe('http://c.test/mine');
});

it('takes name, headers and limit; what is for traces alone wins; headers are secret', async () => {
  const config = await load({
    env: {
      [ENDPOINT]: 'http://user:pass-word-1@localhost:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=general',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'Authorization=Bearer%20a-token-of-mine, X-Tenant = t1',
      OTEL_EXPORTER_OTLP_TIMEOUT: '3000',
      OTEL_SERVICE_NAME: 'films',
    },
  });
  expect(config.otlp).toMatchObject({
    headers: { authorization: 'Bearer a-token-of-mine', 'x-tenant': 't1' },
    timeoutMs: 3000,
    serviceName: 'films',
  });
  expect(config.secrets).toEqual(expect.arrayContaining(['a-token-of-mine', 'pass-word-1']));
  const shown = JSON.stringify(config.settings);
  for (const secret of ['a-token-of-mine', 'general', 'pass-word-1']) expect(shown).not.toContain(secret);
});

it('ends no start: what can’t be used is a notice', async () => {
  const config = await load({ env: { [ENDPOINT]: 'localhost:4317' } });
  expect(config.otlp).toBeNull();
  expect(config.notices.join()).toContain(`${ENDPOINT} (environment) has no effect`);
  const odd = await load({
    env: {
      [ENDPOINT]: 'http://localhost:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'no pair,ok=1,b%0Ad=x,c=%0D%0Ainjected',
      OTEL_EXPORTER_OTLP_TIMEOUT: 'soon',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    },
  });
  expect(odd.otlp).toMatchObject({ headers: { ok: '1' }, timeoutMs: 10_000 });
  for (const word of ['header', 'OTEL_EXPORTER_OTLP_TIMEOUT', 'http/json'])
    expect(odd.notices.join()).toContain(word);
});

it('C8: a .env sends executions nowhere and adds no header; plugins get its variables', async () => {
  const files = {
    '.env': `${ENDPOINT}=http://evil.test\nOTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://evil.test/t\nOTEL_SERVICE_NAME=theirs`,
    'apps/.env': `${ENDPOINT}=http://evil.test:1`,
  };
  const config = await load({ files, argv: ['--plugins', 'apps/plugins'] });
  expect(config.otlp).toBeNull();
  expect(config.notices.join()).toContain(`${ENDPOINT} (`);
  expect(config.pluginVariables[ENDPOINT]).toBe('http://evil.test:1');
  const set = await load({ files, env: { [ENDPOINT]: 'http://localhost:4318' } });
  expect(set.otlp).toMatchObject({
    url: 'http://localhost:4318/v1/traces',
    serviceName: 'mozaiks-workbench',
  });
});
