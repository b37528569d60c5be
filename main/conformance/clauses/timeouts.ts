import type { ClauseSet } from './clause-set.ts';

export const TIMEOUTS = {
  'timeout.enforced': {
    title: 'A call that runs past the timeout is ended',
    severity: 'must',
    place: 'contract §4',
    rule: 'A plugin that runs past the timeout is answered with an error',
    expected: 'an error soon after the timeout',
  },
  'timeout.status': {
    title: 'A timeout is 500 PLUGIN_TIMEOUT',
    severity: 'must',
    place: 'contract §4',
    rule: 'The timeout is 500, not 504; error_code tells it apart',
    expected: '500 PLUGIN_TIMEOUT',
  },
  'timeout.detail': {
    title: 'A timeout names its seconds',
    severity: 'must',
    place: 'contract §4',
    rule: '`detail` is "Plugin execution timed out after <N> seconds"',
    expected: 'that detail',
  },
  'timeout.variable': {
    title: 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS sets the timeout',
    severity: 'must',
    place: 'contract §5',
    rule: 'The timeout is MOZAIKS_PLUGIN_TIMEOUT_SECONDS, where it is set',
    expected: 'ended after that many seconds',
  },
  'timeout.default': {
    title: 'Unset, the timeout is 30 seconds',
    severity: 'must',
    place: 'contract §5',
    rule: 'The default of MOZAIKS_PLUGIN_TIMEOUT_SECONDS is 30',
    expected: 'ended after 30 seconds',
  },
  'timeout.older-name': {
    title: 'PLUGIN_EXEC_TIMEOUT_S still works',
    severity: 'should',
    place: 'contract §5',
    rule: 'The older name is used when the new one is unset',
    expected: 'ended after that many seconds',
  },
  'timeout.blocking': {
    title: 'A plugin that blocks is ended too, and delays nobody',
    severity: 'should',
    place: 'contract §4',
    rule: 'The timeout holds for sync and async code, even in an endless loop',
    expected: 'an error soon after the timeout, and /health answers meanwhile',
  },
} as const satisfies ClauseSet;
