import { createHash } from 'node:crypto';
import type { Outcome } from './answer.ts';
import type { Data } from './rules.ts';

/** What a call may see and use of the runtime. */
interface PluginCall {
  readonly data: Data;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly ends: { readonly sleep: boolean; readonly block: boolean };
  /** Aborts when the runtime stops. */
  readonly signal: AbortSignal;
}

export type Plugin = (call: PluginCall) => Outcome | Promise<Outcome>;

const returned = (value: unknown): Outcome => ({ kind: 'returned', value });

const TIMEOUT_VARIABLES = ['MOZAIKS_PLUGIN_TIMEOUT_SECONDS', 'PLUGIN_EXEC_TIMEOUT_S'];

/**
 * The probe plugin in the runtime itself. Blocking and ending the process are acted: what a client sees of a
 * runtime that isolates its plugins is the same.
 */
const PROBE_ACTIONS: Readonly<Record<string, Plugin>> = {
  report: ({ data: { user_jwt, ...received }, environment }) =>
    returned({
      probe: 1,
      language: 'javascript',
      received,
      user_jwt_sha256: user_jwt === undefined ? null : sha256(String(user_jwt)),
      environment: Object.fromEntries(TIMEOUT_VARIABLES.map((name) => [name, environment[name] ?? null])),
    }),
  sleep: (call) => wait(call, call.ends.sleep, (seconds) => ({ slept: seconds })),
  block: (call) => wait(call, call.ends.block, (seconds) => ({ blocked: seconds })),
  error: ({ data: { message, code } }) =>
    returned({ error: message, ...(code === undefined ? {} : { error_code: code }) }),
  throw: ({ data: { message } }) => ({ kind: 'threw', message: String(message) }),
  invalid: () => returned(['a list is no object']),
  exit: () => ({ kind: 'crashed' }),
};

async function wait(
  { data, timeoutSeconds, signal }: PluginCall,
  isEnded: boolean,
  result: (seconds: number) => object,
): Promise<Outcome> {
  const seconds = Number(data.seconds);
  const isOver = isEnded && seconds > timeoutSeconds;
  await pause(isOver ? timeoutSeconds : seconds, signal);
  return isOver ? { kind: 'timed-out', seconds: timeoutSeconds } : returned(result(seconds));
}

/** Ends early when the runtime stops, so that nothing outlives it. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

interface Listed {
  readonly entry: Readonly<
    Record<'name' | 'display_name' | 'description' | 'version' | 'backend' | 'status', string>
  > & {
    readonly enabled: boolean;
    readonly error?: string;
  };
  /** Null for one that would not execute. */
  readonly run: Plugin | null;
}

function listed(name: string, run: Plugin | null, more: Partial<Listed['entry']> = {}): Listed {
  const texts = { name, display_name: name, description: `The plugin ${name}`, version: '1.0.0' };
  return {
    entry: { ...texts, enabled: true, backend: `plugins.${name}.logic`, status: 'loaded', ...more },
    run,
  };
}

export const NOT_LOADED = 'SyntaxError: unexpected end of file';

/** Sorted by name; one of them is disabled, another doesn't load. */
export const PLUGINS: readonly Listed[] = [
  listed('adder', ({ data }) => returned({ sum: Number(data.a) + Number(data.b) }), { status: 'parked' }),
  listed('asleep', null, { enabled: false, status: 'disabled' }),
  listed('broken', null, { status: 'failed', error: NOT_LOADED }),
  listed('contract-probe', (call) => {
    const action = PROBE_ACTIONS[String(call.data.action ?? 'report')];
    return action === undefined
      ? returned({ error: 'Unknown action', error_code: 'BAD_ACTION' })
      : action(call);
  }),
];

export function findPlugin(name: string): Plugin | null {
  return PLUGINS.find(({ entry }) => entry.name === name)?.run ?? null;
}

/** Lies in the folder of plugins, and isn't one (CONTRACT.md §4). */
export const REGISTRY: Plugin = () => returned({ registry: true });

export function isBroken(name: string): boolean {
  return PLUGINS.some(({ entry }) => entry.name === name && entry.status === 'failed');
}
