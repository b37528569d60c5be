import { errorBody, WorkbenchError } from '../../contract/errors.ts';
import { ROUTES } from '../../contract/http.ts';
import { readBody } from '../connection/body.ts';
import { type BodyRoom, createBodyRoom } from '../connection/body-room.ts';
import { clientSignal } from '../connection/client-signal.ts';
import { rawHeaderValues } from '../connection/raw-headers.ts';
import { type ExecutionDeps, runExecution } from '../execution.ts';
import { executeOperation, hostExecuteOperation } from '../openapi/execute-operations.ts';
import type { Execution } from '../outcome.ts';
import { sendJson } from '../response.ts';
import type { Route } from '../route.ts';
import { publishApiError } from '../runtime-events.ts';
import type { ServerContext } from '../state.ts';

/**
 * The two ways to execute a plugin: the runtime's path, and the standalone plugin host's with its own shapes
 * and order of checks.
 */
export function executeRoutes(execution: ExecutionDeps): readonly Route[] {
  const deps = { ...execution, room: createBodyRoom() };
  return [
    {
      method: 'POST',
      path: ROUTES.execute,
      operation: executeOperation,
      handle: async (ctx) => {
        const execution = await execute(ctx, deps, false);
        if (isUnencodable(execution)) {
          const { href: url, method } = ctx;
          const trace = ctx.state.trace?.ids.id ?? null;
          publishApiError(deps.engine, { url, method, error: execution.reason, trace });
        }
        send(ctx, toAnswer(execution));
      },
    },
    {
      method: 'POST',
      path: ROUTES.hostExecute,
      operation: hostExecuteOperation,
      handle: async (ctx) => send(ctx, toHostAnswer(await execute(ctx, deps, true), pluginOf(ctx))),
    },
  ];
}

interface RouteDeps extends ExecutionDeps {
  readonly room: BodyRoom;
}

function execute(ctx: ServerContext, deps: RouteDeps, isHostPath: boolean): Promise<Execution> {
  const { trace } = ctx.state;
  if (trace === undefined) throw new Error(`no trace was started for ${ctx.path}`);
  return runExecution(deps, {
    plugin: pluginOf(ctx),
    authorization: rawHeaderValues(ctx.req.rawHeaders, 'authorization'),
    isHostPath,
    trace,
    signal: clientSignal(ctx.res),
    readBody: async () => {
      await deps.room.enter(ctx.req, ctx.res, deps.maxBodyBytes);
      return readBody(ctx.req, deps.maxBodyBytes);
    },
  });
}

/** What production fails to encode only after the plugin's execution; any other value it sends. */
function isUnencodable(
  execution: Execution,
): execution is Extract<Execution, { readonly kind: 'failed' | 'load-failed' }> {
  return (
    execution.kind === 'failed' &&
    execution.code === 'PLUGIN_INVALID_RESULT' &&
    execution.typeName === undefined
  );
}

interface Answer {
  readonly status: number;
  readonly body: object;
  /** The body as JSON, where it has already been serialized. */
  readonly text?: string;
}

/** CONTRACT.md §4. */
function toAnswer(execution: Execution): Answer {
  switch (execution.kind) {
    case 'answered':
      return { status: 200, body: execution.value, text: execution.text };
    case 'not-found':
      return { status: 404, body: errorBody('NOT_FOUND', execution.detail) };
    case 'aborted':
      throw stopped();
    default: {
      const { detail, code } = execution;
      return { status: 500, body: { detail, error_code: code, status_code: 500 } };
    }
  }
}

/** CONTRACT.md §2, the plugin host's row. */
function toHostAnswer(execution: Execution, plugin: string): Answer {
  switch (execution.kind) {
    case 'not-found':
      return { status: 404, body: { error: 'Plugin not found', plugin } };
    case 'load-failed':
      return { status: 500, body: { error: 'Plugin load failed', details: execution.reason, plugin } };
    case 'failed':
      return { status: 500, body: toHostFailure(execution) };
    default:
      return toAnswer(execution);
  }
}

function toHostFailure({
  reason,
  typeName,
}: Extract<Execution, { readonly kind: 'failed' | 'load-failed' }>) {
  return typeName === undefined
    ? { error: 'Plugin execution failed', details: reason }
    : { error: 'Plugin returned invalid response', details: `Expected dict, got ${typeName}` };
}

function send(ctx: ServerContext, { status, body, text }: Answer): void {
  sendJson(ctx, status, body, text);
}

function pluginOf(ctx: ServerContext): string {
  return String(ctx.params.plugin_name);
}

/** Nobody reads this when the client is gone; when the runtime is stopping, it tells the client why. */
function stopped(): WorkbenchError {
  return new WorkbenchError('NOT_READY', 'The call was ended: the runtime is stopping');
}
