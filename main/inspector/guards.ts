import { WorkbenchError } from '../contract/errors.ts';
import type { ArgumentOf, InspectorFunctions, InspectorName } from '../contract/inspector.ts';
import type { ArgumentsOf } from './function-types.ts';
import { CONFORMANCE_ARGUMENTS } from './functions/conformance.ts';
import { DEMO_ARGUMENTS } from './functions/demo.ts';
import { FOLDER_ARGUMENTS } from './functions/folder.ts';
import { PLUGIN_ARGUMENTS } from './functions/plugin.ts';
import { RUN_ARGUMENTS } from './functions/run.ts';
import { FRAME_ARGUMENTS } from './functions/runtime.ts';
import { TOKEN_ARGUMENTS } from './functions/token.ts';
import { TRACE_ARGUMENTS } from './functions/trace.ts';
import { TRACE_FILE_ARGUMENTS } from './functions/trace-file.ts';
import { WINDOW_ARGUMENTS } from './functions/window.ts';

/**
 * Arguments reach the Inspector as `unknown`, from a window or over HTTP. Every function's argument is checked here, by
 * shape and by size, before its handler sees it.
 */
const ARGUMENTS: ArgumentsOf<InspectorFunctions> = {
  ...FRAME_ARGUMENTS,
  ...FOLDER_ARGUMENTS,
  ...WINDOW_ARGUMENTS,
  ...PLUGIN_ARGUMENTS,
  ...RUN_ARGUMENTS,
  ...TRACE_ARGUMENTS,
  ...TRACE_FILE_ARGUMENTS,
  ...TOKEN_ARGUMENTS,
  ...CONFORMANCE_ARGUMENTS,
  ...DEMO_ARGUMENTS,
};

export function isInspectorName(value: unknown): value is InspectorName {
  return typeof value === 'string' && Object.hasOwn(ARGUMENTS, value);
}

/** The argument as its function's type. Throws BAD_REQUEST that names the function, the place and what is wrong there. */
export function parseArgument<N extends InspectorName>(functionName: N, argument: unknown): ArgumentOf<N> {
  const parsed = ARGUMENTS[functionName].safeParse(argument ?? null);
  if (parsed.success) return parsed.data as ArgumentOf<N>;
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'its argument' : issue.path.join('.');
  throw new WorkbenchError(
    'BAD_REQUEST',
    `Inspector function '${functionName}' refused ${place}: ${issue?.message ?? 'invalid'}`,
  );
}
