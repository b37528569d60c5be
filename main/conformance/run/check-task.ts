import type { ConformanceReport } from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { runInThread } from '../../system/thread-task.ts';
import { parseOrigin, type RemoteOptions } from '../target/remote-target.ts';
import { type ConformanceOptions, type ConformanceStep, toCancelledReport } from './run.ts';

/** What the thread that checks another runtime is given and sends (see check-worker.ts). */
export interface CheckTask {
  readonly input: {
    readonly target: RemoteOptions;
    /** Masked in the report. */
    readonly secrets: readonly string[];
    readonly clauses: readonly string[] | undefined;
  };
  readonly part: ConformanceStep;
  readonly answer: ConformanceReport;
}

/**
 * Checks another runtime in a thread: its answers are a stranger's, and reading one may take seconds. The
 * report of a run that is cancelled holds the checks that were done.
 * @throws {WorkbenchError} as `connectTarget` does
 */
export async function checkInThread(
  script: string,
  input: CheckTask['input'],
  { signal, onProgress }: Required<Pick<ConformanceOptions, 'onProgress'>> & { readonly signal: AbortSignal },
): Promise<ConformanceReport> {
  const [at, started] = [Date.now(), performance.now()];
  const steps: ConformanceStep[] = [];
  const onPart = (step: ConformanceStep) => {
    steps.push(step);
    onProgress(step);
  };
  try {
    return await runInThread<CheckTask>(script, input, { signal, onPart });
  } catch (error) {
    if (!signal.aborted) throw error;
    const { origin } = parseOrigin(input.target.url);
    if (steps.length === 0) throw new WorkbenchError('NOT_READY', `Cancelled before ${origin} had answered`);
    return toCancelledReport({
      target: origin,
      mode: input.target.tokens?.mode ?? null,
      at,
      durationMs: performance.now() - started,
      clauses: input.clauses,
      checks: steps.flatMap(({ check }) => check ?? []),
    });
  }
}
