import type { ClauseId } from '../../../../main/conformance/clauses/clauses.ts';
import { failure, json, refusal, VERSION_HEADER, withFields, withoutHeader } from '../answer.ts';
import { PLUGINS } from '../plugins.ts';
import { COMPLIANT, type Data, type Rules } from '../rules.ts';

/** Another way to break requirements, which may be several at once. */
export interface FurtherFault {
  readonly says: string;
  /** Made for each stand-in: some remember. */
  readonly rules: () => Partial<Rules>;
  readonly fails: readonly ClauseId[];
  /** What can't be judged any more. */
  readonly skips?: readonly ClauseId[];
}

const finishing = (finish: Rules['finish']) => () => ({ finish });
const handing = (change: (healthy: Data, sent: Data) => Data) => () => ({
  inject: (call: Parameters<Rules['inject']>[0]) => change(COMPLIANT.inject(call), call.sent),
});

/** What a client once said of `__proto__` is in every later call. */
function polluted(): Partial<Rules> {
  let everyone: Data = {};
  return {
    inject(call) {
      const proto = Object.entries(call.sent).find(([key]) => key === '__proto__')?.[1];
      everyone = { ...everyone, ...(proto as Data | undefined) };
      return { ...everyone, ...COMPLIANT.inject(call) };
    },
  };
}

const framework = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
  json(500, { detail: 'Internal Server Error' }, headers);

/** As other implementations were seen to, or may be feared to. */
export const FURTHER_FAULTS: readonly FurtherFault[] = [
  {
    says: 'has the header on good answers alone',
    rules: finishing((answer) => (answer.status < 400 ? answer : withoutHeader(answer, VERSION_HEADER))),
    fails: [
      ...(['header.plugin-error', 'header.bad-json', 'header.bad-token', 'header.unknown-route'] as const),
      ...(['header.wrong-method', 'header.too-large', 'header.malformed', 'header.huge-header'] as const),
    ],
  },
  {
    says: 'answers raw sockets as its HTTP library does, without the header',
    rules: finishing((answer, { method }) =>
      method === 'raw' ? withoutHeader(answer, VERSION_HEADER) : answer,
    ),
    fails: ['header.malformed', 'header.huge-header'],
  },
  {
    says: 'counts the plugins in a text',
    rules: finishing((answer, { path }) =>
      path === '/health' && answer.status === 200 ? withFields(answer, { plugins_loaded: '2' }) : answer,
    ),
    fails: ['health.plugins-loaded'],
    skips: ['health.counts', 'health.not-loaded'],
  },
  {
    says: 'answers 200 with the error that a plugin returned',
    rules: finishing((answer, { outcome }) =>
      outcome?.kind === 'returned' && answer.status === 500
        ? json(200, outcome.value, answer.headers)
        : answer,
    ),
    fails: [
      ...(['execute.plugin-error', 'execute.plugin-code', 'execute.invalid-result'] as const),
      'host.invalid-result',
    ],
    skips: ['header.plugin-error'],
  },
  {
    says: 'answers whatever goes wrong in a plugin with its framework’s 500',
    rules: finishing((answer, { outcome }) =>
      outcome !== null && answer.status === 500 ? framework(answer) : answer,
    ),
    fails: [
      ...(['execute.plugin-error', 'execute.plugin-code', 'execute.exception'] as const),
      ...(['execute.invalid-result', 'execute.crash', 'timeout.status', 'timeout.detail'] as const),
      ...(['host.exception', 'host.invalid-result'] as const),
    ],
  },
  {
    says: 'answers every bad body with 422',
    rules: finishing((answer) =>
      answer.status === 400
        ? failure(422, 'UNPROCESSABLE', 'value is not a valid dict', answer.headers)
        : answer,
    ),
    fails: ['error.bad-json', 'error.not-object', 'host.bad-json'],
    skips: ['header.bad-json', 'header.malformed'],
  },
  {
    says: 'refuses bad tokens with 403',
    rules: finishing((answer) =>
      answer.status === 401 ? failure(403, 'FORBIDDEN', 'Invalid token', answer.headers) : answer,
    ),
    fails: [
      ...(['identity.tampered', 'identity.alg-none', 'identity.expired', 'identity.no-expiry'] as const),
      ...(['identity.no-subject', 'error.unauthorized'] as const),
    ],
    skips: ['header.bad-token'],
  },
  {
    says: 'hands on the whole Authorization header as user_jwt',
    rules: handing((healthy) =>
      healthy.user_jwt === undefined ? healthy : { ...healthy, user_jwt: `Bearer ${healthy.user_jwt}` },
    ),
    fails: ['identity.user-jwt'],
  },
  {
    says: 'puts the token into _context instead of beside it',
    rules: handing(({ user_jwt, ...rest }) => ({
      ...rest,
      _context: { ...(rest._context as Data), user_jwt },
    })),
    fails: ['identity.user-jwt'],
  },
  {
    says: 'grows a runtime_user_id and keeps the rest',
    rules: handing((healthy) => ({
      ...healthy,
      _context: { ...(healthy._context as Data), runtime_user_id: 'internal-42' },
    })),
    fails: [],
  },
  {
    says: 'makes everyone a superadmin',
    rules: () => ({ identify: (identity) => ({ ...identity, is_superadmin: true }) }),
    fails: ['context.superadmin'],
  },
  {
    says: 'lets the client’s _context win',
    rules: handing((healthy, sent) => ({
      ...healthy,
      _context: { ...(healthy._context as Data), ...(sent._context as Data | undefined) },
    })),
    fails: ['spoof.context'],
  },
  { says: 'carries keys of __proto__ into later calls', rules: polluted, fails: ['spoof.prototype'] },
  {
    says: 'allows every origin with *',
    rules: finishing((answer) => ({
      ...answer,
      headers: { ...answer.headers, 'Access-Control-Allow-Origin': '*' },
    })),
    fails: ['cors.allowed', 'cors.foreign'],
  },
  {
    says: 'knows no CORS at all',
    rules: finishing((answer, { method }) =>
      method === 'OPTIONS'
        ? refusal(405, 'Method Not Allowed', { [VERSION_HEADER]: '1.0.0' })
        : withoutHeader(
            withoutHeader(answer, 'Access-Control-Allow-Origin'),
            'Access-Control-Expose-Headers',
          ),
    ),
    fails: ['header.exposed', 'cors.allowed', 'cors.preflight'],
    skips: ['header.preflight'],
  },
  {
    says: 'answers by the plugin host’s path in the contract’s words',
    rules: () => ({ hostPath: 'contract-words' }),
    fails: [
      ...(['host.bad-json', 'host.not-found', 'host.own-error', 'host.exception'] as const),
      'host.invalid-result',
    ],
  },
  {
    says: 'counts every folder, disabled plugins too',
    rules: finishing((answer, { path }) =>
      path === '/health' ? withFields(answer, { plugins_loaded: PLUGINS.length }) : answer,
    ),
    fails: ['health.counts', 'health.not-loaded'],
  },
  {
    says: 'ends a plugin that blocks, but answers nobody meanwhile',
    rules: () => ({ blocksAll: true }),
    fails: ['timeout.blocking'],
  },
];
