import type { Trace } from '../../contract/trace.ts';
import { answerTask } from '../../system/thread-task.ts';
import { createRedactor } from '../record/redact.ts';
import { searchableText } from '../store/searchable-text.ts';
import { summarize } from '../store/summary.ts';
import type { FileTask, FileTrace } from './file-task.ts';
import { readTraceFile } from './trace-file.ts';

/** The thread that reads a file of traces, and ends. */

/** Sent at once: to take over this many holds up nothing. */
const PART = 200;

answerTask<FileTask>(({ name, text, secrets }, post) => {
  const { traces, exportedAt } = readTraceFile(name, text, createRedactor(secrets));
  for (let at = 0; at < traces.length; at += PART) post(traces.slice(at, at + PART).map(toFileTrace));
  return { exportedAt };
});

function toFileTrace(trace: Trace): FileTrace {
  return { summary: summarize(trace), json: JSON.stringify(trace), searchable: searchableText(trace) };
}
