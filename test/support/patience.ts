import { vi } from 'vitest';

/**
 * How long tests wait for what never comes. A wait ends when what it waits for is there, so this costs a
 * green run nothing; vitest's own second is not enough on a busy machine.
 */
const PATIENCE_MS = 30_000;

const { waitFor } = vi;

/** `vi.waitFor`, which unlike `expect.poll` has no setting for its limit. */
export const patientWaitFor: typeof vi.waitFor = (callback, options = {}) =>
  waitFor(callback, {
    timeout: PATIENCE_MS,
    interval: 50,
    ...(typeof options === 'number' ? { timeout: options } : options),
  });
