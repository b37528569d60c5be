import { type Result, WorkbenchError } from '../contract/errors.ts';
import type { AnswerOf, ArgumentOf, InspectorFunctions, InspectorName } from '../contract/inspector.ts';
import type { Log } from '../system/log.ts';
import { createEventHub, type EventHub, type EventHubSource } from './event-hub.ts';
import type { ArgumentsOf, HandlersOf } from './function-types.ts';
import { CONFORMANCE_ARGUMENTS } from './functions/conformance.ts';
import { DATA_ARGUMENTS } from './functions/data.ts';
import { DEMO_ARGUMENTS } from './functions/demo.ts';
import { DRIVER_ARGUMENTS } from './functions/driver.ts';
import { EVENT_ARGUMENTS } from './functions/events.ts';
import { FOLDER_ARGUMENTS } from './functions/folder.ts';
import { MONGODB_ARGUMENTS } from './functions/mongodb.ts';
import { MUTE_ARGUMENTS } from './functions/mutes.ts';
import { PLUGIN_ARGUMENTS } from './functions/plugin.ts';
import { RUN_ARGUMENTS } from './functions/run.ts';
import { FRAME_ARGUMENTS } from './functions/runtime.ts';
import { SOCKET_ARGUMENTS } from './functions/sockets.ts';
import { TOKEN_ARGUMENTS } from './functions/token.ts';
import { TRACE_ARGUMENTS } from './functions/trace.ts';
import { TRACE_FILE_ARGUMENTS } from './functions/trace-file.ts';
import { WINDOW_ARGUMENTS } from './functions/window.ts';

/**
 * The only interface between a UI and the runtime. Threat model: the UI shows what plugins and clients sent,
 * so a script smuggled into it must be able to do no more than a user could by clicking. Names come from a
 * closed list, arguments are checked by shape and size, errors leave as a code and a sentence; each transport
 * decides who may call (desktop/ipc.ts: the sender frame; server/routes/inspector.ts: the per-launch token).
 */
export interface Inspector {
  /** Never rejects: a failure is in the Result. */
  call(name: unknown, argument: unknown): Promise<Result<unknown>>;
  readonly events: EventHub;
}

export type InspectorHandlers = HandlersOf<InspectorFunctions>;

export function createInspector(handlers: InspectorHandlers, source: EventHubSource, log: Log): Inspector {
  const answer = async <N extends InspectorName>(name: N, argument: unknown): Promise<AnswerOf<N>> => {
    const handler: (argument: ArgumentOf<N>) => AnswerOf<N> | Promise<AnswerOf<N>> = handlers[name];
    return handler(parseArgument(name, argument));
  };
  return {
    events: createEventHub(source),
    async call(name, argument) {
      try {
        if (!isInspectorName(name)) {
          throw new WorkbenchError('NOT_FOUND', `The Inspector has no function named ${quoted(name)}`);
        }
        return { ok: true, value: await answer(name, argument) };
      } catch (error) {
        if (error instanceof WorkbenchError) {
          return { ok: false, error: { code: error.code, message: error.message } };
        }
        log.error(`Inspector function ${quoted(name)} failed`, error);
        const message = 'Unexpected error in the workbench; see its log for details';
        return { ok: false, error: { code: 'INTERNAL_ERROR', message } };
      }
    },
  };
}

function quoted(name: unknown): string {
  return typeof name === 'string' ? `'${name.slice(0, 60)}'` : `of type ${typeof name}`;
}

/**
 * Arguments reach the Inspector as `unknown`, from a window or over HTTP. Every function's argument is
 * checked here, by shape and by size, before its handler sees it.
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
  ...DRIVER_ARGUMENTS,
  ...MONGODB_ARGUMENTS,
  ...DATA_ARGUMENTS,
  ...SOCKET_ARGUMENTS,
  ...EVENT_ARGUMENTS,
  ...MUTE_ARGUMENTS,
};

function isInspectorName(value: unknown): value is InspectorName {
  return typeof value === 'string' && Object.hasOwn(ARGUMENTS, value);
}

/**
 * The argument as its function's type. Throws BAD_REQUEST that names the function, the place and what is
 * wrong there.
 */
function parseArgument<N extends InspectorName>(functionName: N, argument: unknown): ArgumentOf<N> {
  const parsed = ARGUMENTS[functionName].safeParse(argument ?? null);
  if (parsed.success) return parsed.data as ArgumentOf<N>;
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'its argument' : issue.path.join('.');
  throw new WorkbenchError(
    'BAD_REQUEST',
    `Inspector function '${functionName}' refused ${place}: ${issue?.message ?? 'invalid'}`,
  );
}
