import { CONTRACT_VERSION, HEADERS } from '../contract/http.ts';
import type { Answer, Operation, RequestBody, Route } from './route.ts';
import { SCHEMAS, type SchemaName } from './schemas.ts';

/** Builds the OpenAPI 3.1 document from the same table that the router is built from, so that they can't part. */

const BEARER = 'bearer';

/** The document; plain data. */
export function describeRoutes(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(route.operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mozaiks runtime',
      version: CONTRACT_VERSION,
      description:
        'Runtime ↔ Platform Contract v1.0.0, as the Mozaiks Workbench implements it for local development.',
    },
    paths,
    components: {
      schemas: SCHEMAS,
      headers: {
        runtimeVersion: {
          description: 'The version of the contract; on every answer, whatever its status.',
          schema: { type: 'string', const: CONTRACT_VERSION },
        },
        traceparent: {
          description: 'W3C trace context: the trace id the client sent, or a new one.',
          schema: { type: 'string' },
        },
      },
      securitySchemes: { [BEARER]: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function describe(operation: Operation): object {
  const { id, tag, summary, description, needsUser, parameter, requestBody, answers } = operation;
  const all = needsUser ? { ...answers, 401: UNAUTHORIZED } : answers;
  return {
    ...{ operationId: id, tags: [tag], summary, description },
    // In local mode a request without a token is taken for the development user (contract §3).
    security: needsUser ? [{ [BEARER]: [] }, {}] : [],
    ...parametersOf(parameter, operation.traceparent === true),
    ...(requestBody === undefined ? {} : { requestBody: describeBody(requestBody) }),
    responses: Object.fromEntries(
      Object.entries({ ...all, 403: FORBIDDEN }).map(([status, answer]) => [
        status,
        describeAnswer(answer, operation),
      ]),
    ),
  };
}

function parametersOf(parameter: Operation['parameter'], traceparent: boolean): object {
  const path =
    parameter === undefined
      ? []
      : [
          {
            ...parameter,
            in: 'path',
            required: true,
            schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
          },
        ];
  const header = traceparent
    ? [{ name: HEADERS.traceparent, in: 'header', required: false, schema: { type: 'string' } }]
    : [];
  const parameters = [...path, ...header];
  return parameters.length === 0 ? {} : { parameters };
}

function describeBody({ description, required, example }: RequestBody): object {
  return { description, required, content: jsonContent('JsonObject', example) };
}

function describeAnswer({ description, schema, example }: Answer, { traceparent }: Operation): object {
  return {
    description,
    headers: {
      [HEADERS.runtimeVersion]: { $ref: '#/components/headers/runtimeVersion' },
      ...(traceparent === true
        ? { [HEADERS.traceparent]: { $ref: '#/components/headers/traceparent' } }
        : {}),
    },
    content: jsonContent(schema, example),
  };
}

function jsonContent(schema: SchemaName, example: unknown): object {
  return {
    'application/json': {
      schema: { $ref: `#/components/schemas/${schema}` },
      ...(example === undefined ? {} : { example }),
    },
  };
}

const UNAUTHORIZED: Answer = {
  description:
    'A token is missing where one is mandatory, or does not verify. Carries `WWW-Authenticate: Bearer`.',
  schema: 'Error',
  example: { detail: 'Invalid token', error_code: 'UNAUTHORIZED', status_code: 401 },
};

const FORBIDDEN: Answer = {
  description: 'The Host or the Origin of the request is not one that this runtime serves.',
  schema: 'Error',
};
