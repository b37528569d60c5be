/** Longest time from an uncaught error to the end of the process, in ms. */
const MAX_END_MS = 3_000;

export interface CrashDeps {
  /** Closes the port and ends the plugins' processes. */
  readonly stop: () => Promise<unknown>;
  /** Shows the error until it is closed. */
  readonly showBox: () => Promise<unknown>;
  readonly exit: () => void;
}

/**
 * Ends the process after an uncaught error: once the runtime has stopped and the box was closed, but within
 * three seconds, since nothing that runs on can be trusted. Never throws.
 */
export function endAfterCrash({ stop, showBox, exit }: CrashDeps): void {
  const timer = setTimeout(exit, MAX_END_MS);
  const attempts = [stop, showBox].map(async (attempt) => attempt());
  const end = () => {
    clearTimeout(timer);
    exit();
  };
  Promise.allSettled(attempts).then(end, end);
}
