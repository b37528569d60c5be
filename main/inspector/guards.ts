import { WorkbenchError } from '../contract/errors.ts';
import type { ArgumentOf, InspectorFunctions, InspectorName } from '../contract/inspector.ts';
import { CONFORMANCE_ARGUMENTS } from './conformance-functions.ts';
import { DEMO_ARGUMENTS } from './demo-functions.ts';
import { FOLDER_ARGUMENTS } from './folder-functions.ts';
import { FRAME_ARGUMENTS } from './frame-functions.ts';
import type { ArgumentsOf } from './function-types.ts';
import { PLUGIN_ARGUMENTS } from './plugin-functions.ts';
import { RUN_ARGUMENTS } from './run-functions.ts';
import { TOKEN_ARGUMENTS } from './token-functions.ts';
import { TRACE_FILE_ARGUMENTS } from './trace-file-functions.ts';
import { TRACE_ARGUMENTS } from './trace-functions.ts';
import { WINDOW_ARGUMENTS } from './window-functions.ts';

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
