import type { CheckTarget, Skip, Stage, StagedTarget } from './target.ts';

/** Finds the runtime of a stage, `null` for the target as it runs; or says why there is none. Never rejects. */
export type FindStage = (stage: Stage | null) => Promise<StagedTarget | Skip>;

/** The stages of one run. Ends waiting, not starting, when `signal` aborts: whoever made the target closes it. */
export function createStages(target: CheckTarget, signal: AbortSignal | undefined): FindStage {
  const found = new Map<Stage, Promise<StagedTarget | Skip>>();
  const find = (stage: Stage) => {
    const known = found.get(stage) ?? target.stage(stage).catch(whyNot);
    found.set(stage, known);
    return known;
  };
  const ended = signal === undefined ? null : cancelled(signal);
  return async (stage) => {
    if (stage === null) return target.self;
    return ended === null ? find(stage) : Promise.race([find(stage), ended]);
  };
}

function whyNot(error: unknown): Skip {
  const why = error instanceof Error ? error.message : String(error);
  return { skip: `no runtime could be had for it: ${why}` };
}

function cancelled(signal: AbortSignal): Promise<Skip> {
  return new Promise((resolve) => {
    const give = () => resolve({ skip: 'the run was cancelled' });
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
