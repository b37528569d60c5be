/** Why the runtime ended a process: its own flag, which alone tells a deadline from a crash. */
export type KillReason = 'deadline' | 'memory' | 'parked' | 'replaced' | 'restarted' | 'load' | 'stopping';

export interface HostExit {
  /** Null when the process ended by itself. */
  readonly killed: KillReason | null;
  /** In words, for the calls that were lost and for the log. */
  readonly reason: string;
  /** The plugin's own doing: counts towards its quarantine. */
  readonly crash: boolean;
}

export interface ExitFacts {
  readonly killed: KillReason | null;
  readonly code: number | null;
  readonly signal: string | null;
  /** The process's last words over its channel. */
  readonly dying: string | null;
  /** The tail of its standard error. */
  readonly stderr: string;
  readonly memoryLimitMb: number;
}

const KILL_WORDS: Record<Exclude<KillReason, 'memory'>, string> = {
  deadline: 'its process was ended because another call to this plugin ran past its deadline',
  parked: 'its process was parked',
  replaced: 'its process was replaced by a newer version',
  restarted: 'its process was restarted',
  load: 'its process did not finish loading',
  stopping: 'the runtime is stopping',
};

/** Says why a process ended. Pure. */
export function describeExit(facts: ExitFacts): HostExit {
  const { killed } = facts;
  if (killed === null) return { killed, reason: ownEnd(facts), crash: true };
  if (killed === 'memory') return { killed, reason: outOfMemory(facts.memoryLimitMb), crash: true };
  return { killed, reason: KILL_WORDS[killed], crash: false };
}

function ownEnd({ code, signal, dying, stderr, memoryLimitMb }: ExitFacts): string {
  if (/heap out of memory|allocation failed/i.test(stderr)) return outOfMemory(memoryLimitMb);
  if (dying !== null) return dying;
  if (signal !== null) return `its process was ended by the signal ${signal}`;
  // An engine that could not even start the host's script says so there.
  const words = /^\w*Error: .*$/m.exec(stderr)?.[0];
  return `its process ended by itself with exit code ${code ?? 'unknown'}${words === undefined ? '' : `: ${words}`}`;
}

function outOfMemory(limitMb: number): string {
  return `out of memory: it passed the limit of ${limitMb} MB (MOZAIKS_PLUGIN_MEMORY_MB)`;
}
