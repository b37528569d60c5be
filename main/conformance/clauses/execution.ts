import type { ClauseSet } from './clause-set.ts';

export const EXECUTION = {
  'execute.path': {
    title: 'POST /api/execute/{plugin_name} runs the plugin',
    severity: 'must',
    place: 'contract §2, §4',
    rule: 'A plugin that returns an object without `error` is answered with 200 and that object',
    expected: '200 with the plugin’s object',
  },
  'execute.fields': {
    title: 'The plugin gets what the client sent',
    severity: 'must',
    place: 'contract §4',
    rule: 'The plugin receives the client’s object',
    expected: 'every field of the body, unchanged',
  },
  'execute.numbers': {
    title: 'Numbers arrive and return as they were written',
    severity: 'must',
    place: 'contract §4',
    rule: 'Numbers reach a Python plugin, and come back, as they were written',
    expected: 'every digit; from a plugin in JavaScript, of the numbers that JavaScript can hold',
  },
  'execute.content-type': {
    title: 'JSON is read whatever its Content-Type says',
    severity: 'must',
    place: 'contract §2',
    rule: 'The body is parsed as JSON whatever the Content-Type says (a plain `curl -d` works)',
    expected: '200 for application/x-www-form-urlencoded',
  },
  'execute.plugin-error': {
    title: 'A plugin’s own error is 500',
    severity: 'must',
    place: 'contract §4',
    rule: 'An object with `error` is answered with 500, `detail` its error, PLUGIN_ERROR',
    expected: '500 PLUGIN_ERROR with the plugin’s words',
  },
  'execute.plugin-code': {
    title: 'A plugin may name its own error code',
    severity: 'must',
    place: 'contract §4',
    rule: '`error_code` is the plugin’s, where it gives one',
    expected: 'error_code, as the plugin gave it',
  },
  'execute.exception': {
    title: 'A plugin that throws is 500',
    severity: 'must',
    place: 'contract §4',
    rule: 'A plugin that throws is answered with 500 "Error executing plugin: <message>", PLUGIN_EXCEPTION',
    expected: '500 PLUGIN_EXCEPTION with the message',
  },
  'execute.invalid-result': {
    title: 'A result that is no object is 500',
    severity: 'must',
    place: 'contract §4',
    rule: 'A plugin that returns anything but an object is answered with 500 PLUGIN_INVALID_RESULT',
    expected: '500 PLUGIN_INVALID_RESULT',
  },
  'execute.crash': {
    title: 'A plugin that ends its process is 500, and the next call works',
    severity: 'should',
    place: 'contract §4',
    rule: 'A plugin that kills its worker is answered with 500 PLUGIN_CRASHED',
    expected: '500 PLUGIN_CRASHED, then 200',
  },
  'execute.host-path': {
    title: 'The plugin host’s path runs the same plugin',
    severity: 'should',
    place: 'contract §2',
    rule: 'POST /api/plugins/{plugin_name}/execute is the same engine',
    expected: '200 with the plugin’s object',
  },
} as const satisfies ClauseSet;

export const CONTEXT = {
  'context.keys': {
    title: '_context has its five keys',
    severity: 'must',
    place: 'contract §4',
    rule: '_context holds app_id, user_id, username, roles and is_superadmin',
    expected: 'the five keys with their types',
  },
  'context.app': {
    title: 'The plugin gets the app',
    severity: 'must',
    place: 'contract §4',
    rule: 'app_id is set beside _context and in it',
    expected: 'app_id twice, the same, as /health names it',
  },
  'context.profile': {
    title: 'Name and roles come from the token',
    severity: 'must',
    place: 'contract §3',
    rule: 'username and roles come from the token’s claims',
    expected: '_context.username and _context.roles as the token claims',
  },
  'context.superadmin': {
    title: 'Only a superadmin is one',
    severity: 'must',
    place: 'contract §3',
    rule: 'is_superadmin is true for the claim or the role, else false',
    expected: 'true for a superadmin’s token, false for a user’s',
  },
  'context.grows': {
    title: 'What v1 promises stays where _context grows',
    severity: 'must',
    place: 'contract §4',
    rule: '_context may grow keys later (runtime_user_id); user_id stays what it is',
    expected: '_context.user_id equal to user_id, whatever other keys there are',
  },
  'context.entitlements': {
    title: 'The plugin gets _entitlements',
    severity: 'should',
    place: 'contract §4',
    rule: '_entitlements is set by the runtime: an object, empty where nothing is restricted',
    expected: '_entitlements as an object beside _context',
  },
} as const satisfies ClauseSet;

export const SPOOFING = {
  'spoof.user-id': {
    title: 'A client can’t name its user',
    severity: 'must',
    place: 'contract §4',
    rule: 'A client’s own user_id is replaced',
    expected: 'nothing of the body’s user_id',
  },
  'spoof.app-id': {
    title: 'A client can’t name its app',
    severity: 'must',
    place: 'contract §4',
    rule: 'A client’s own app_id is replaced',
    expected: 'nothing of the body’s app_id',
  },
  'spoof.user-jwt': {
    title: 'A client can’t hand in a token by the body',
    severity: 'must',
    place: 'contract §4',
    rule: 'A client’s own user_jwt is replaced, and removed where no token was sent',
    expected: 'nothing of the body’s user_jwt',
  },
  'spoof.context': {
    title: 'A client can’t add to _context',
    severity: 'must',
    place: 'contract §4',
    rule: 'A client can never set, add to or keep a key of _context',
    expected: 'nothing of the body’s _context',
  },
  'spoof.entitlements': {
    title: 'A client can’t grant itself entitlements',
    severity: 'must',
    place: 'contract §4',
    rule: 'A client’s own _entitlements is replaced',
    expected: 'nothing of the body’s _entitlements',
  },
  'spoof.prototype': {
    title: '__proto__ pollutes nothing',
    severity: 'must',
    place: 'contract §4',
    rule: '`__proto__` in the JSON reaches the plugin as plain data or not at all',
    expected: 'no key of it in the context, nor in the next call',
  },
} as const satisfies ClauseSet;
