import { type BuildOptions, type BuildResult, build, stop } from 'esbuild';
import { waitAtMost } from '../../system/wait.ts';

/**
 * The compiler's own process, which all engines of this process share. It may be killed, and a build may hang in
 * it: then it is replaced, and what else it was building is built once more. esbuild does neither by itself.
 */

/** A build that reads something endless must not block reloads forever. */
const BUILD_TIMEOUT_MS = 15_000;
/** Processes that one build is tried in. */
const TRIES = 3;

/** Settle the builds that run in the present process. */
const running = new Set<(reason: Error) => void>();
/** How often the process was replaced. */
let replaced = 0;

const REPLACED = new Error("the compiler's process was replaced");

/**
 * As esbuild's `build`.
 * @throws esbuild's BuildFailure, with its `errors`, for what is wrong with the sources; else an Error
 */
export async function runBuild<T extends BuildOptions>(options: T): Promise<BuildResult<T>> {
  const limit = new AbortController();
  const work = buildSomewhere<T>(() => build<BuildOptions>(options) as Promise<BuildResult<T>>, limit.signal);
  if (await waitAtMost(work, BUILD_TIMEOUT_MS)) return work;
  limit.abort();
  await replaceProcess();
  const seconds = BUILD_TIMEOUT_MS / 1000;
  throw new Error(`compiling did not finish within ${seconds} s: does it import something endless?`);
}

/** Ends the compiler's process and what it is building; a later build starts another. */
export async function stopCompiler(): Promise<void> {
  endBuilds(new Error('the runtime is stopping'));
  await stop();
}

async function buildSomewhere<T extends BuildOptions>(
  start: () => Promise<BuildResult<T>>,
  signal: AbortSignal,
): Promise<BuildResult<T>> {
  for (let left = TRIES; ; left -= 1) {
    const replacedBefore = replaced;
    try {
      return await untilEnded(start);
    } catch (error) {
      if (left === 1 || signal.aborted || !isLostProcess(error)) throw error;
      if (replaced === replacedBefore) await replaceProcess();
    }
  }
}

/** Settles also when the process it runs in is ended, of which esbuild tells nobody. */
function untilEnded<T>(start: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    running.add(reject);
    start()
      .then(resolve, reject)
      .finally(() => running.delete(reject));
  });
}

async function replaceProcess(): Promise<void> {
  replaced += 1;
  endBuilds(REPLACED);
  await stop();
}

function endBuilds(reason: Error): void {
  for (const reject of running) reject(reason);
  running.clear();
}

/** esbuild says it in words alone: "The service was stopped", "The service is no longer running". */
function isLostProcess(error: unknown): boolean {
  return error === REPLACED || (error instanceof Error && error.message.startsWith('The service '));
}
