import type { TokenDemand } from '../../auth/authenticator.ts';
import { CONTRACT_VERSION, HEADERS } from '../../contract/http.ts';
import { PLUGIN_NAME } from '../../contract/plugin-name.ts';
import type { Answer, Examples, Operation, QueryParameter, RequestBody, Route } from '../route.ts';
import { HEADER_COMPONENTS, headersOf, optionsHeaders } from './headers.ts';
import { ANY_REQUEST, UNAUTHORIZED, UNROUTED } from './responses.ts';
import { SCHEMAS, type SchemaName } from './schemas.ts';

/**
 * Builds the OpenAPI 3.1 document from the same table that the router is built from, so that they can't
 * differ.
 */

/** Where this document is served, and whom it is served for. */
export interface DescribedServer {
  /** As the client wrote it, `name:port`. */
  readonly host: string;
  readonly demand: TokenDemand;
}

/** The document, for `JSON.stringify`: keys without a value are undefined. */
export function describeRoutes(routes: readonly Route[], { host, demand }: DescribedServer): object {
  const scheme = securityScheme(demand);
  // In local mode a request without a token is treated as the development user's (CONTRACT.md §3).
  const security = [{ [scheme.name]: [] }, ...(demand.isMandatory ? [] : [{}])];
  const paths: Record<string, object> = {};
  for (const path of new Set(routes.map((route) => route.path))) {
    const served = routes.filter((route) => route.path === path);
    paths[path.replace(/:(\w+)/g, '{$1}')] = describePath(served, security);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mozaiks runtime',
      summary: 'Runtime ↔ Platform Contract v1.0.0, as the Mozaiks Workbench implements it.',
      description: INTRODUCTION,
      version: CONTRACT_VERSION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `http://${host}`, description: 'This runtime.' }],
    tags: TAGS,
    paths,
    components: {
      schemas: SCHEMAS,
      responses: sharedResponses(),
      headers: HEADER_COMPONENTS,
      securitySchemes: { [scheme.name]: scheme.description, internalKey: INTERNAL_KEY },
    },
    'x-unrouted': {
      description: 'The answers to a request that no operation names: an unknown path, or another method.',
      responses: {
        204: {
          description: 'A preflight from a listed origin, on any path.',
          headers: optionsHeaders(),
        },
        ...describeAnswers({ ...ANY_REQUEST, ...UNROUTED }, null),
      },
    },
  };
}

/** All methods of one path; GET brings HEAD along. */
function describePath(routes: readonly Route[], security: readonly object[]): object {
  const own = routes.map(({ method, operation }) => [method.toLowerCase(), describe(operation, security)]);
  const [first] = routes;
  const read = routes.find(({ method }) => method === 'GET');
  const parameter = first?.operation.parameter;
  return {
    parameters: parameter && [pathParameter(parameter)],
    ...Object.fromEntries(own),
    head: read && describeHead(read.operation, security),
    options: first && describeOptions(first.operation),
  };
}

function describe(operation: Operation, security: readonly object[]): object {
  const { id, tag, summary, description, requestBody, traceparent, query = [] } = operation;
  const parameters = [...(traceparent === true ? [TRACEPARENT] : []), ...query.map(queryParameter)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: securityOf(operation, security),
    parameters: parameters.length === 0 ? undefined : parameters,
    requestBody: requestBody && describeBody(requestBody),
    'x-plugin-receives': traceparent && { $ref: '#/components/schemas/PluginInput' },
    responses: describeAnswers(answersOf(operation), operation),
  };
}

/** Not what a token gives: the platform's own key. */
const INTERNAL_KEY = {
  type: 'apiKey',
  in: 'header',
  name: HEADERS.internalApiKey,
  description: 'The value of `INTERNAL_API_KEY`.',
};

function securityOf(
  { needsUser, needsInternalKey }: Operation,
  security: readonly object[],
): readonly object[] {
  if (needsInternalKey === true) return [{ internalKey: [] }];
  return needsUser ? security : [];
}

function describeHead(operation: Operation, security: readonly object[]): object {
  const { id, tag, summary, needsUser } = operation;
  const answers = Object.entries(answersOf(operation));
  return {
    operationId: `${id}Head`,
    tags: [tag],
    summary: `${summary} (headers only)`,
    description: 'Answers like GET, without the body.',
    security: needsUser ? security : [],
    responses: Object.fromEntries(
      answers.map(([status, { description }]) => [
        status,
        { description, headers: headersOf(Number(status), operation) },
      ]),
    ),
  };
}

function describeOptions({ id }: Operation): object {
  return {
    operationId: `${id}Options`,
    tags: ['Preflight'],
    summary: 'What may be sent to this path',
    description:
      'Answers a preflight from a listed origin with what a page may send, and any other with `Allow`.',
    security: [],
    responses: {
      204: {
        description: 'The methods of this path, or the permissions of a page.',
        headers: optionsHeaders(),
      },
      ...describeAnswers(ANY_REQUEST, {}),
    },
  };
}

function answersOf({ needsUser, answers }: Operation): Readonly<Record<number, Answer>> {
  return needsUser ? { ...ANY_REQUEST, 401: UNAUTHORIZED, ...answers } : { ...ANY_REQUEST, ...answers };
}

/** Those that look the same on every route. */
const SHARED: readonly (readonly [number, Answer])[] = [
  ...Object.entries({ ...ANY_REQUEST, 401: UNAUTHORIZED }).map(
    ([status, answer]) => [Number(status), answer] as const,
  ),
];

function sharedResponses(): object {
  return Object.fromEntries(
    SHARED.map(([status, answer]) => [answer.schema, describeAnswer(status, answer, {})]),
  );
}

function describeAnswers(
  answers: Readonly<Record<number, Answer>>,
  operation: Pick<Operation, 'traceparent' | 'provesOwner'> | null,
): object {
  const isPlain = operation !== null && operation.traceparent !== true;
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => {
      const isShared = isPlain && SHARED.some(([, shared]) => shared === answer);
      return [
        status,
        isShared
          ? { $ref: `#/components/responses/${answer.schema}` }
          : describeAnswer(Number(status), answer, operation),
      ];
    }),
  );
}

function describeAnswer(
  status: number,
  { description, schema, examples }: Answer,
  operation: Pick<Operation, 'traceparent'> | null,
): object {
  return { description, headers: headersOf(status, operation), content: jsonContent(schema, examples) };
}

function describeBody({ description, required, schema, examples }: RequestBody): object {
  return { description, required, content: jsonContent(schema, examples) };
}

function jsonContent(schema: SchemaName, examples: Examples): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` }, examples } };
}

function pathParameter(parameter: NonNullable<Operation['parameter']>): object {
  const { pattern = PLUGIN_NAME.source, ...rest } = parameter;
  return { ...rest, in: 'path', required: true, schema: { type: 'string', pattern } };
}

function queryParameter(parameter: QueryParameter): object {
  return { ...parameter, in: 'query', required: false };
}

const TRACEPARENT = {
  name: HEADERS.traceparent,
  in: 'header',
  required: false,
  description: 'W3C trace context. An invalid one is ignored.',
  schema: { type: 'string' },
  example: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

/** What `/openapi.json` says in prose. */

const INTRODUCTION = `Runs plugins as the production runtime does: same routes, same identity, same errors.

Every answer carries \`X-Mozaiks-Runtime-Version\`. Errors are \`{"detail", "error_code", "status_code"}\`, the plugin host's path has \
its own shapes. HEAD is answered like GET. What no operation names is answered as \`x-unrouted\` says: 404 for an unknown \
path, 405 with \`Allow\` for another method. Pages may read answers only from the origins of \`FRONTEND_URL\` and \
\`ADDITIONAL_CORS_ORIGINS\`.

What a plugin receives is the client's object plus what the runtime alone may set: the schema \`PluginInput\`.`;

const TAGS = [
  { name: 'Runtime', description: 'Whether the runtime runs, and its identity. No token is required.' },
  { name: 'Plugins', description: 'Which plugins there are, and who may execute them.' },
  { name: 'Execution', description: 'Running a plugin, by the path of the runtime or of the plugin host.' },
  { name: 'App', description: "What the platform's page asks about the app, and a user's settings." },
  { name: 'Notifications', description: 'Those of a user.' },
  { name: 'Subscriptions', description: 'What the platform tells a runtime about its users.' },
  { name: 'Preflight', description: 'What a browser requests before it lets a page send a request.' },
];

/** How callers are identified at present (CONTRACT.md §3). */
function securityScheme({ mode, isMandatory, algorithms }: TokenDemand): {
  readonly name: string;
  readonly description: object;
} {
  const http = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' };
  const signed = `signed with ${algorithms.join(' or ')}`;
  if (mode === 'external') {
    const description = `A token from the identity provider, ${signed} and verified with the keys of \`MOZAIKS_JWKS_URL\`; \`iss\`, \`aud\` and \`exp\` are enforced. Mandatory.`;
    return { name: 'externalToken', description: { ...http, description } };
  }
  const otherwise = isMandatory
    ? 'Mandatory (`MOZAIKS_REQUIRE_TOKEN`).'
    : 'Without one the caller is the development user; one that is sent must be valid.';
  const description = `A token ${signed} using \`JWT_SECRET\`, with \`exp\` and a user id. ${otherwise}`;
  return { name: 'localToken', description: { ...http, description } };
}
