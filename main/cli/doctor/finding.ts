/** One thing that `doctor` inspected. */
export interface Finding {
  readonly topic: string;
  /** A problem prevents something from working; with a warning it works, perhaps only in part. */
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
  /** What to do; null exactly when it is ok. */
  readonly remedy: string | null;
}

export function fine(topic: string, message: string): Finding {
  return { topic, state: 'ok', message, remedy: null };
}

export function warning(topic: string, message: string, remedy: string): Finding {
  return { topic, state: 'warning', message, remedy };
}

export function problem(topic: string, message: string, remedy: string): Finding {
  return { topic, state: 'problem', message, remedy };
}
