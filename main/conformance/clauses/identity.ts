import type { ClauseSet } from './clause-set.ts';

export const IDENTITY = {
  'identity.user': {
    title: 'The plugin gets the user of the token',
    severity: 'must',
    place: 'contract §3, §4',
    rule: 'user_id comes from the verified token',
    expected: 'user_id as the token claims',
  },
  'identity.user-jwt': {
    title: 'The plugin gets the token itself',
    severity: 'must',
    place: 'contract §4',
    rule: 'user_jwt is the bearer token',
    expected: 'user_jwt, the token as it was sent',
  },
  'identity.anonymous': {
    title: 'Without a token there is no user_jwt',
    severity: 'must',
    place: 'contract §3',
    rule: 'No token: a development identity without user_jwt, or 401 where a token is mandatory',
    expected: '200 without user_jwt, or 401',
  },
  'identity.tampered': {
    title: 'A changed token is refused',
    severity: 'must',
    place: 'contract §3',
    rule: 'A token that is present must verify, else 401',
    expected: '401',
  },
  'identity.alg-none': {
    title: 'An unsigned token is refused',
    severity: 'must',
    place: 'contract §3',
    rule: 'Only the algorithms that are set verify',
    expected: '401 for alg none',
  },
  'identity.expired': {
    title: 'An expired token is refused',
    severity: 'must',
    place: 'contract §3',
    rule: 'exp is enforced',
    expected: '401',
  },
  'identity.no-expiry': {
    title: 'A token without exp is refused',
    severity: 'must',
    place: 'contract §3',
    rule: 'exp is a required claim',
    expected: '401',
  },
  'identity.no-subject': {
    title: 'A token without a user is refused',
    severity: 'must',
    place: 'contract §3',
    rule: 'The user-id claim is required',
    expected: '401',
  },
  'identity.audience': {
    title: 'External mode refuses a token for another service',
    severity: 'must',
    place: 'contract §3',
    rule: 'External mode enforces the audience; local mode knows none',
    expected: '401 in external mode, 200 in local mode',
  },
} as const satisfies ClauseSet;
