import SwaggerParser from '@apidevtools/swagger-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ERROR_STATUS } from '../../../main/contract/errors.ts';
import { ROUTES } from '../../../main/contract/http.ts';
import { startServer } from '../../support/server.ts';
import { echo, stubEngine } from '../../support/stub-engine.ts';
import { bearer, localToken } from '../../support/tokens.ts';

/** What `/openapi.json` says of itself; whether answers keep it is openapi-answers.test.ts. */

type Node = { readonly [key: string]: unknown };
interface Document extends Node {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Node>>>>;
  readonly servers: readonly { readonly url: string }[];
  readonly components: { readonly schemas: Node; readonly securitySchemes: Readonly<Record<string, Node>> };
}

const EXTERNAL = {
  MOZAIKS_AUTH_MODE: 'external',
  MOZAIKS_JWKS_URL: 'https://login.example/jwks',
  MOZAIKS_ISSUER: 'https://login.example',
  MOZAIKS_AUDIENCE: 'mozaiks',
};

async function serve(env: Readonly<Record<string, string>> = {}) {
  const engine = stubEngine({ echo });
  const server = await startServer(engine, { env });
  const url = `${server.baseUrl}/openapi.json`;
  return { ...server, engine, url, document: (await (await fetch(url)).json()) as Document };
}

/** Every place where a body is described. */
function mediaTypesOf(node: unknown, at = ''): [string, Node][] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'application/json' ? [[at, value as Node]] : mediaTypesOf(value, `${at}/${key}`),
  );
}

function schemasOf(document: object) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  return (pointer: string) => ajv.compile({ ...document, $ref: pointer });
}

describe('the document', () => {
  it.each([
    ['local mode', {}],
    ['local mode with a mandatory token', { MOZAIKS_REQUIRE_TOKEN: 'true' }],
    ['external mode', EXTERNAL],
  ])('is valid OpenAPI 3.1 as it is served, in %s', async (_title, env) => {
    const { url } = await serve(env);
    const api = await SwaggerParser.validate(url, { resolve: { http: { safeUrlResolver: false } } });
    expect(api).toMatchObject({
      openapi: '3.1.0',
      info: { version: '1.0.0', license: { identifier: 'MIT' } },
    });
  });

  it('names the address it was asked under', async () => {
    const { document, port } = await serve();
    expect(document.servers.map(({ url }) => url)).toEqual([`http://127.0.0.1:${port}`]);
    const named = (await (await fetch(`http://localhost:${port}/openapi.json`)).json()) as Document;
    expect(named.servers[0]?.url).toBe(`http://localhost:${port}`);
  });

  it.each([
    [{}, [{ localToken: [] }, {}], 'HS256'],
    [{ MOZAIKS_REQUIRE_TOKEN: 'true' }, [{ localToken: [] }], 'Mandatory'],
    [EXTERNAL, [{ externalToken: [] }], 'RS256'],
  ])('tells how a caller is identified, with %o', async (env, security, words) => {
    const { document } = await serve(env);
    expect(document.paths['/api/plugins']?.get?.security).toEqual(security);
    expect(document.paths['/health']?.get?.security).toEqual([]);
    const schemes = document.components.securitySchemes;
    expect(Object.keys(schemes)).toEqual([...Object.keys(security[0] ?? {}), 'internalKey']);
    expect(JSON.stringify(schemes)).toContain(words);
    expect(JSON.stringify(document)).not.toContain('login.example');
  });

  it('holds the paths of the route table, each with the methods that the router answers', async () => {
    const { document, baseUrl } = await serve();
    // OpenAPI has no words for a WebSocket.
    const { inspector, notificationSocket: _socket, ...routes } = ROUTES;
    const expected = Object.values(routes).map((path) => path.replace(/:(\w+)/g, '{$1}'));
    expect(Object.keys(document.paths).sort()).toEqual(expected.sort());
    expect(inspector in document.paths).toBe(false);
    for (const [path, { parameters, ...operations }] of Object.entries(document.paths)) {
      const options = await fetch(baseUrl + path.replace(/\{\w+\}/, 'echo'), { method: 'OPTIONS' });
      const allowed = (options.headers.get('allow') ?? '').toLowerCase().split(', ');
      // A notification may have that very id.
      const others = path === ROUTES.markAllRead ? ['delete'] : [];
      expect(
        allowed.filter((method) => !others.includes(method)),
        path,
      ).toEqual(Object.keys(operations));
      expect(parameters === undefined, path).toBe(!path.includes('{'));
    }
  });
});

describe('its examples', () => {
  it('stand at every body, and are what its schema says', async () => {
    const { document } = await serve();
    const compile = schemasOf(document);
    const media = mediaTypesOf(document);
    expect(media.length).toBeGreaterThan(40);
    for (const [at, { schema, examples }] of media) {
      const validate = compile((schema as { $ref: string }).$ref);
      const named = Object.entries((examples ?? {}) as Record<string, { value: unknown }>);
      expect(named.length, at).toBeGreaterThan(0);
      for (const [name, { value }] of named) {
        validate(value);
        expect(validate.errors ?? [], `${at} ${name}`).toEqual([]);
      }
    }
  });

  it('show each code that a plugin’s failure may have', async () => {
    const { document } = await serve();
    const responses = document.paths['/api/execute/{plugin_name}']?.post?.responses as Record<string, Node>;
    const [[, { examples }] = ['', {} as Node]] = mediaTypesOf(responses['500']);
    const codes = Object.keys(ERROR_STATUS).filter((code) => code.startsWith('PLUGIN_'));
    expect(codes).toHaveLength(6);
    for (const code of codes) {
      expect(examples).toMatchObject({ [code]: { value: { error_code: code, status_code: 500 } } });
    }
  });
});

describe('what a plugin receives', () => {
  it.each([{}, bearer(localToken({ roles: ['user'] }))])(
    'is PluginInput, called with %o',
    async (headers) => {
      const { document, baseUrl, engine } = await serve();
      const body = JSON.stringify({ mine: 1, user_id: 'victim' });
      await fetch(`${baseUrl}/api/execute/echo`, { method: 'POST', headers, body });
      const validate = schemasOf(document)('#/components/schemas/PluginInput');
      const data = JSON.parse(engine.calls[0]?.json ?? '');
      expect(validate(data)).toBe(true);
      expect(validate({ ...data, _context: { ...data._context, runtime_user_id: 'u' } })).toBe(true);
      expect(validate({ ...data, _context: {} })).toBe(false);
      expect(validate({ ...data, user_id: null })).toBe(false);
    },
  );
});
