import { failure, json, withFields, withoutHeader } from '../answer.ts';
import { type FaultsOf, onAnswer } from './fault.ts';

/** What is refused, and in which words; who may call from a browser. */

const NOT_AN_OBJECT = 'Request body must be a JSON object';

export const ERROR_FAULTS: FaultsOf<'error' | 'limit' | 'cors'> = {
  'error.shape': onAnswer(
    'answers an unknown route in its framework’s words',
    ({ status }, { path }) => status === 404 && !path.startsWith('/api/'),
    ({ headers }) => json(404, { detail: 'Not Found' }, headers),
  ),
  'error.unauthorized': onAnswer(
    'does not say how to authenticate',
    ({ status }) => status === 401,
    (answer) => withoutHeader(answer, 'WWW-Authenticate'),
  ),
  'error.not-found': onAnswer(
    'does not name the plugin that is missing',
    ({ status }, { path }) => status === 404 && path.startsWith('/api/execute/'),
    (answer) => withFields(answer, { detail: 'Plugin not found' }),
  ),
  'error.method': onAnswer(
    'does not say which methods work',
    ({ status }) => status === 405,
    (answer) => withoutHeader(answer, 'Allow'),
  ),
  'error.bad-json': { says: 'takes an empty body for {}', rules: { emptyBodyIsObject: true } },
  'error.not-object': onAnswer(
    'answers JSON that is not an object with 422',
    ({ body }) => (body as { detail?: unknown } | undefined)?.detail === NOT_AN_OBJECT,
    ({ headers }) => failure(422, 'UNPROCESSABLE', NOT_AN_OBJECT, headers),
  ),
  'error.order': {
    says: 'tells strangers which plugins there are: 404 comes before 401',
    rules: { plugin404First: true },
  },
  'limit.body': { says: 'reads bodies of any length', rules: { limitsBody: false } },
  'cors.allowed': onAnswer(
    'allows origins in preflights alone',
    (_, { method }) => method !== 'OPTIONS',
    (answer) => withoutHeader(answer, 'Access-Control-Allow-Origin'),
  ),
  'cors.preflight': onAnswer(
    'does not allow the header Authorization',
    (_, { method }) => method === 'OPTIONS',
    (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'Access-Control-Allow-Headers': 'Content-Type' },
    }),
  ),
  'cors.foreign': {
    says: 'answers every origin with itself',
    rules: {
      finish: (answer, { origin }) =>
        origin === null
          ? answer
          : { ...answer, headers: { ...answer.headers, 'Access-Control-Allow-Origin': origin } },
    },
  },
};
