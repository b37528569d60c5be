import { type Call, COMPLIANT, type Data, type Rules } from '../rules.ts';
import { accepting, type Fault, type FaultsOf } from './fault.ts';

/** For whom a caller is taken, and what the plugin is told of them. */

/** Changes what the plugin gets. */
function handing(says: string, change: (healthy: Data, call: Call) => Data): Fault {
  const inject: Rules['inject'] = (call) => change(COMPLIANT.inject(call), call);
  return { says, rules: { inject } };
}

/** Changes the `_context` that the plugin gets. */
function telling(says: string, change: (context: Data, call: Call) => Data): Fault {
  return handing(says, (healthy, call) => ({
    ...healthy,
    _context: change(healthy._context as Data, call),
  }));
}

/** Takes the client's word for a key, where there is one. */
function believing(key: 'user_id' | 'app_id' | 'user_jwt' | '_entitlements'): Fault {
  return handing(`leaves a client’s own ${key} as it is`, (healthy, { sent }) =>
    key in sent ? { ...healthy, [key]: sent[key] } : healthy,
  );
}

function without(data: Data, key: string): Data {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== key));
}

const asData = (value: unknown) => (typeof value === 'object' && value !== null ? (value as Data) : {});

export const IDENTITY_FAULTS: FaultsOf<'identity' | 'context' | 'spoof'> = {
  'identity.user': {
    says: 'names users by numbers of its own',
    rules: { identify: (identity) => ({ ...identity, user_id: 'internal-42' }) },
  },
  'identity.user-jwt': handing('hands no token on', (healthy) => without(healthy, 'user_jwt')),
  'identity.anonymous': {
    says: 'hands on an empty token where none was sent',
    rules: { anonymousJwt: '' },
  },
  'identity.tampered': accepting('never checks signatures', 'signature'),
  'identity.alg-none': accepting('believes tokens that say they need no signature', 'unsigned'),
  'identity.expired': accepting('accepts expired tokens', 'expired'),
  'identity.no-expiry': accepting('accepts tokens that never expire', 'noExpiry'),
  'identity.no-subject': accepting('calls the user of a token that names none "unknown"', 'noSubject'),
  'identity.audience': accepting('accepts tokens for other services', 'audience'),
  'context.keys': telling('leaves is_superadmin out of _context', (context) =>
    without(context, 'is_superadmin'),
  ),
  'context.app': handing('sets app_id in _context alone', (healthy) => without(healthy, 'app_id')),
  'context.profile': telling('takes the user’s id for the username', (context) => ({
    ...context,
    username: context.user_id,
  })),
  'context.username': telling('has no name for a token without one', (context, { identity }) => ({
    ...context,
    username: identity.username === identity.user_id ? null : identity.username,
  })),
  'context.odd-roles': {
    says: 'refuses tokens whose roles are odd',
    rules: { refuses: { ...COMPLIANT.refuses, oddRoles: true } },
  },
  'context.superadmin': telling('makes nobody a superadmin', (context) => ({
    ...context,
    is_superadmin: false,
  })),
  'context.grows': telling('changes user_id in _context to an id of its own', (context) => ({
    ...context,
    user_id: 'internal-42',
    runtime_user_id: 'internal-42',
  })),
  'context.entitlements': handing('sets no _entitlements', (healthy) => without(healthy, '_entitlements')),
  'spoof.user-id': believing('user_id'),
  'spoof.app-id': believing('app_id'),
  'spoof.user-jwt': believing('user_jwt'),
  'spoof.entitlements': believing('_entitlements'),
  'spoof.context': telling('keeps what else a client wrote into _context', (context, { sent }) => ({
    ...asData(sent._context),
    ...context,
  })),
  'spoof.prototype': telling('merges the keys of __proto__ into _context', (context, { sent }) => ({
    ...context,
    ...asData(Object.entries(sent).find(([key]) => key === '__proto__')?.[1]),
  })),
};
