import { realpath, rm } from 'node:fs/promises';
import { createTemporaryFolder } from '../system/temporary-folder.ts';

/** A second runtime in a temporary home. */
export interface Ephemeral<R> {
  readonly runtime: R;
  /** Leaves no process, port or file behind. */
  stop(): Promise<void>;
}

export interface EphemeralSetup<R> {
  /** Part of the home's name: `mozaiks-check-…`. */
  readonly purpose: string;
  /** Writes what the runtime needs into `home`, an empty folder, and creates the runtime. */
  create(home: string): Promise<R>;
  /** Resolves when the started runtime can be used. */
  whenReady?(runtime: R): Promise<void>;
}

/**
 * Starts a runtime in a home of its own. If that fails, rejects with the reason and leaves nothing behind.
 */
export async function startEphemeral<R extends { start(): Promise<void>; stop(): Promise<void> }>(
  setup: EphemeralSetup<R>,
): Promise<Ephemeral<R>> {
  const home = await realpath(await createTemporaryFolder(setup.purpose));
  let runtime: R | null = null;
  const stop = async () => {
    await runtime?.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    runtime = await setup.create(home);
    await runtime.start();
    await setup.whenReady?.(runtime);
    return { runtime, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
