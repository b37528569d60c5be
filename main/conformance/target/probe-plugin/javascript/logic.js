// contract-probe: the plugin that `mozaiks-workbench check` checks a runtime with. It answers with what it
// received and misbehaves on request, so that each clause about plugins rests on evidence.
//
// Put this file at <plugins>/contract-probe/logic.js of the runtime to check, and remove it afterwards:
// anyone who can execute plugins there can make it sleep, block or end its process. It has no dependencies,
// and never returns the caller's token.
import { createHash } from 'node:crypto';

const MAX_SECONDS = 120;
const TIMEOUT_VARIABLES = ['MOZAIKS_PLUGIN_TIMEOUT_SECONDS', 'PLUGIN_EXEC_TIMEOUT_S'];

const ACTIONS = {
  report,

  /** Waits without blocking other calls. */
  async sleep({ seconds }) {
    if (!isWait(seconds)) return badSeconds();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return { slept: seconds };
  },

  /** Blocks its thread: no timer, other call or abort is handled meanwhile. */
  block({ seconds }) {
    if (!isWait(seconds)) return badSeconds();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
    return { blocked: seconds };
  },

  error({ message, code }) {
    const error = { error: String(message ?? 'asked for') };
    return code === undefined ? error : { ...error, error_code: String(code) };
  },

  throw({ message }) {
    throw new Error(String(message ?? 'asked for'));
  },

  invalid: () => ['a list is no object'],

  exit: () => process.exit(1),
};

export async function execute(data) {
  const action = data.action ?? 'report';
  if (typeof action !== 'string' || !Object.hasOwn(ACTIONS, action)) {
    return {
      error: `Unknown action: give one of ${Object.keys(ACTIONS).join(', ')}`,
      error_code: 'BAD_ACTION',
    };
  }
  return ACTIONS[action](data);
}

function report({ user_jwt, ...received }) {
  return {
    probe: 1,
    language: 'javascript',
    received,
    user_jwt_sha256: user_jwt === undefined ? null : sha256(user_jwt),
    environment: Object.fromEntries(TIMEOUT_VARIABLES.map((name) => [name, process.env[name] ?? null])),
  };
}

/** The token's hash identifies the token without revealing it. */
function sha256(token) {
  const text = typeof token === 'string' ? token : JSON.stringify(token);
  return createHash('sha256').update(text).digest('hex');
}

function isWait(seconds) {
  return typeof seconds === 'number' && seconds >= 0 && seconds <= MAX_SECONDS;
}

function badSeconds() {
  return { error: `"seconds" must be a number from 0 to ${MAX_SECONDS}`, error_code: 'BAD_SECONDS' };
}
