/** Why the runtime ended a process. Only this flag, never an exit code, tells a deadline from a crash. */
export type KillReason =
  | 'deadline'
  | 'memory'
  | 'channel'
  | 'parked'
  | 'replaced'
  | 'restarted'
  | 'load'
  | 'stopping';

export interface HostExit {
  /** Null when the process ended by itself. */
  readonly killed: KillReason | null;
  /** For the calls that were lost, and for the log. */
  readonly reason: string;
  /** Caused by the plugin: counts towards its quarantine. */
  readonly crash: boolean;
}

export interface ExitFacts {
  readonly killed: KillReason | null;
  readonly code: number | null;
  readonly signal: string | null;
  /** The reason that the process gave over its channel just before it ended, or why that was broken. */
  readonly dying: string | null;
  /** The tail of its standard error. */
  readonly stderr: string;
  readonly memoryLimitMb: number;
}

const KILL_REASONS: Record<Exclude<KillReason, 'memory' | 'channel'>, string> = {
  deadline: 'its process was ended because another call to this plugin ran past its deadline',
  parked: 'its process was parked',
  replaced: 'its process was replaced by a newer version',
  restarted: 'its process was restarted',
  load: 'its process did not finish loading',
  stopping: 'the runtime is stopping',
};

/** Why a process ended. Pure. */
export function describeExit(facts: ExitFacts): HostExit {
  const { killed } = facts;
  if (killed === null || killed === 'channel') return { killed, reason: describeOwnExit(facts), crash: true };
  if (killed === 'memory') return { killed, reason: describeOutOfMemory(facts.memoryLimitMb), crash: true };
  return { killed, reason: KILL_REASONS[killed], crash: false };
}

function describeOwnExit({ code, signal, dying, stderr, memoryLimitMb }: ExitFacts): string {
  if (/heap out of memory|allocation failed/i.test(stderr)) return describeOutOfMemory(memoryLimitMb);
  if (dying !== null) return dying;
  if (signal !== null) return `its process was ended by the signal ${signal}`;
  // An engine that could not even start the host's script says so on standard error.
  const line = /^\w*Error: .*$/m.exec(stderr)?.[0];
  return `its process ended by itself with exit code ${code ?? 'unknown'}${line === undefined ? '' : `: ${line}`}`;
}

function describeOutOfMemory(limitMb: number): string {
  return `out of memory: it passed the limit of ${limitMb} MB (MOZAIKS_PLUGIN_MEMORY_MB)`;
}
