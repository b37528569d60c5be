import { answerTask } from '../../system/thread-task.ts';
import { createRedactor } from '../../traces/record/redact.ts';
import { connectTarget } from '../target/remote-target.ts';
import type { CheckTask } from './check-task.ts';
import { checkConformance } from './run.ts';

/** The thread that checks another runtime, and ends; to cancel a run is to end it. */
answerTask<CheckTask>(async ({ target: options, secrets, clauses }, post) => {
  const target = await connectTarget(options, new AbortController().signal);
  return checkConformance({ target, redactor: createRedactor(secrets), clauses, onProgress: post });
});
