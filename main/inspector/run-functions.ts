import { z } from 'zod';
import { WorkbenchError } from '../contract/errors.ts';
import { ROUTES } from '../contract/http.ts';
import type { RunFunctions } from '../contract/run.ts';
import type { Trace } from '../contract/trace.ts';
import { toCurl } from '../traces/export.ts';
import type { HandlerDeps } from './deps.ts';
import { bodyText, id, name, persona, token } from './fields.ts';
import type { ArgumentsOf, HandlersOf } from './function-types.ts';
import { keptTrace } from './kept-trace.ts';
import { createRuns } from './runs.ts';

export const RUN_ARGUMENTS: ArgumentsOf<RunFunctions> = {
  run: z.strictObject({ runId: id, plugin: name, body: bodyText, persona, token: token.exactOptional() }),
  cancelRun: z.strictObject({ runId: id }),
  runAsCurl: z.strictObject({
    plugin: name,
    body: bodyText,
    persona,
    token: token.exactOptional(),
    revealToken: z.boolean(),
  }),
  replay: z.strictObject({ id, persona, token: token.exactOptional(), runId: id }),
  personas: z.null(),
};

export function createRunHandlers(deps: HandlerDeps): HandlersOf<RunFunctions> {
  const { config, engine, traces, mint } = deps;
  const runs = createRuns({
    baseUrl: deps.baseUrl,
    // A person at a breakpoint takes the time he needs.
    limitMs: () => (engine.list().some(({ debug }) => debug !== null) ? null : config.timeoutMs),
    personaToken: mint.personaToken,
  });
  return {
    run: ({ plugin, ...call }) => runs.send({ ...call, path: executePath(plugin) }),
    cancelRun({ runId }) {
      runs.cancel(runId);
      return null;
    },
    runAsCurl: async ({ plugin, body, persona, token, revealToken }) =>
      toCurl({
        method: 'POST',
        url: `${deps.baseUrl()}${executePath(plugin)}`,
        headers: { 'content-type': 'application/json' },
        body,
        token: await mint.personaToken(persona, token),
        revealToken,
      }),
    replay: async ({ id, ...call }) =>
      runs.send({ ...call, ...recordedRequest(await keptTrace(traces, id)) }),
    personas: () => mint.personas(),
  };
}

function executePath(plugin: string): string {
  return ROUTES.execute.replace(':plugin_name', encodeURIComponent(plugin));
}

/** What a replay sends: the path and body as recorded, without the caller's token, which is never kept. */
function recordedRequest({ request }: Trace): { path: string; body: string } {
  const { body } = request;
  if (body?.truncated) {
    throw new WorkbenchError(
      'BAD_REQUEST',
      `The body of ${body.bytes} bytes was kept only in part and can't be sent again`,
    );
  }
  const text = body?.json === undefined ? (body?.text ?? '') : JSON.stringify(body.json);
  return { path: request.path, body: text };
}
