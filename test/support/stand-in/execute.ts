import type { IncomingMessage } from 'node:http';
import { type Answer, failure, type Handled, json, type Outcome, refusal } from './answer.ts';
import { DEVELOPER, verify } from './identity.ts';
import { findPlugin, isBroken, NOT_LOADED, type Plugin, REGISTRY } from './plugins.ts';
import type { Data, Identity } from './rules.ts';
import { APP, type RuntimeState, timeoutSecondsOf } from './runtime-state.ts';

interface Caller {
  readonly identity: Identity;
  readonly token: string | null;
}

interface Wanted {
  readonly plugin: string;
  /** Errors in the plugin host's shapes. */
  readonly hostWords: boolean;
  /** Reads the body before it looks for the plugin. */
  readonly isHostPath: boolean;
}

/** The caller, or the 401 that is due (CONTRACT.md §3). */
export function authenticate(
  { rules, trust }: RuntimeState,
  { headers }: IncomingMessage,
): Caller | { readonly refused: Answer } {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
  if (
    token === null &&
    headers.authorization === undefined &&
    (trust.mode === 'local' || rules.anonymousJwt !== undefined)
  ) {
    return { identity: DEVELOPER, token: rules.anonymousJwt ?? null };
  }
  const verified = token === null ? 'A bearer token is required' : verify(token, trust, rules.refuses);
  return typeof verified === 'string'
    ? { refused: refusal(401, verified, { 'WWW-Authenticate': 'Bearer' }) }
    : { identity: rules.identify(verified), token };
}

/** Checks in the contract's order, then the plugin (CONTRACT.md §2). */
export async function execute(
  state: RuntimeState,
  request: IncomingMessage,
  wanted: Wanted,
): Promise<Handled> {
  const { rules } = state;
  const body = await readBody(request, rules.limitsBody ? state.maxBodyBytes : Number.POSITIVE_INFINITY);
  const run = findPlugin(wanted.plugin) ?? (isRegistry(state, wanted) ? REGISTRY : null);
  const missing = run === null ? notFound(wanted) : null;
  if (missing !== null && rules.plugin404First && !wanted.isHostPath) return { answer: missing };
  const caller = authenticate(state, request);
  if ('refused' in caller) return { answer: caller.refused };
  if (run === null && !(wanted.isHostPath && rules.hostBodyFirst)) return { answer: notFound(wanted) };
  if (body === null) return { answer: refusal(413, `The body is over ${state.maxBodyBytes} bytes`) };
  const sent = parse(body, wanted.isHostPath ? rules.hostEmptyBodyIsObject : rules.emptyBodyIsObject);
  if (typeof sent === 'string') {
    return { answer: refusal(400, wanted.hostWords ? sent.replace('payload', 'body') : sent) };
  }
  if (run === null) return { answer: notFound(wanted) };
  const type = request.headers['content-type'];
  if (rules.jsonTypeOnly && type !== undefined && !type.startsWith('application/json')) {
    return { answer: failure(415, 'BAD_REQUEST', 'Content-Type must be application/json') };
  }
  const outcome = await call(state, run, rules.inject({ sent, ...caller, appId: APP.app_id }));
  return { answer: (wanted.hostWords ? inHostWords : inContractWords)(outcome), outcome };
}

async function call(state: RuntimeState, run: Plugin, data: Data): Promise<Outcome> {
  const { environment, signal, blocking, rules } = state;
  const running = Promise.resolve(
    run({ data, environment, timeoutSeconds: timeoutSecondsOf(state), ends: rules.ends, signal }),
  );
  if (data.action === 'block') blocking.add(running);
  const outcome = await running;
  blocking.delete(running);
  return outcome;
}

function isRegistry({ rules }: RuntimeState, { plugin }: Wanted): boolean {
  return rules.runsRegistry && plugin === 'registry';
}

/** Why a plugin that is not there, or doesn't load, can't run. */
function notFound({ plugin, hostWords }: Wanted): Answer {
  if (isBroken(plugin)) {
    return hostWords
      ? json(500, { error: 'Plugin load failed', details: NOT_LOADED, plugin })
      : failure(500, 'PLUGIN_LOAD_FAILED', `Plugin '${plugin}' failed to load: ${NOT_LOADED}`);
  }
  return hostWords
    ? json(404, { error: 'Plugin not found', plugin })
    : refusal(404, `Plugin '${plugin}' not found or disabled`);
}

/** Null for a body over the limit, of which nothing is stored. */
async function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
  }
  return bytes > limit ? null : Buffer.concat(chunks).toString();
}

/** The object, or what is wrong with it. */
function parse(body: string, emptyIsObject: boolean): Data | string {
  if (body === '' && emptyIsObject) return {};
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Data) : 'Request body must be a JSON object';
  } catch {
    return 'Invalid JSON payload';
  }
}

/** CONTRACT.md §4. */
function inContractWords(outcome: Outcome): Answer {
  switch (outcome.kind) {
    case 'returned': {
      const { value } = outcome;
      if (!isObject(value)) return failure(500, 'PLUGIN_INVALID_RESULT', 'The plugin returned no object');
      if (!('error' in value)) return json(200, value);
      return failure(500, String(value.error_code ?? 'PLUGIN_ERROR'), String(value.error));
    }
    case 'threw':
      return failure(500, 'PLUGIN_EXCEPTION', `Error executing plugin: ${outcome.message}`);
    case 'crashed':
      return failure(500, 'PLUGIN_CRASHED', 'The plugin ended its process');
    case 'timed-out':
      return failure(500, 'PLUGIN_TIMEOUT', `Plugin execution timed out after ${outcome.seconds} seconds`);
  }
}

/** CONTRACT.md §2, the plugin host's row. */
function inHostWords(outcome: Outcome): Answer {
  if (outcome.kind === 'returned' && isObject(outcome.value)) return json(200, outcome.value);
  const answer = inContractWords(outcome);
  if (outcome.kind === 'returned') {
    const details = `Expected dict, got ${Array.isArray(outcome.value) ? 'list' : typeof outcome.value}`;
    return json(500, { error: 'Plugin returned invalid response', details });
  }
  const { detail } = answer.body as { detail: string };
  return json(500, { error: 'Plugin execution failed', details: detail });
}

function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
