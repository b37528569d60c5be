import { z } from 'zod';
import { executePath, ROUTES } from '../../contract/http.ts';
import type { PersonaSubscription } from '../../contract/persona-subscription.ts';
import { RUN_ROUTES, type RunFunctions, type RunRequest, type RunRoute } from '../../contract/run.ts';
import { subscribe } from '../../entitlements/subscription.ts';
import { toCurl } from '../../traces/files/curl.ts';
import { recordedCall } from '../../traces/record/recorded-request.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { bodyText, file, id, name, persona, subscription, token } from './fields.ts';
import { createRuns } from './runs.ts';
import { createSampleHandlers, SAMPLE_ARGUMENTS } from './sample.ts';

const input = {
  plugin: name,
  body: bodyText,
  persona,
  route: z.enum(RUN_ROUTES).exactOptional(),
  token: token.exactOptional(),
  subscription: subscription.exactOptional(),
};

export const RUN_ARGUMENTS: ArgumentsOf<RunFunctions> = {
  ...SAMPLE_ARGUMENTS,
  run: z.strictObject({ runId: id, ...input }),
  cancelRun: z.strictObject({ runId: id }),
  runAsCurl: z.strictObject({ ...input, revealToken: z.boolean() }),
  replay: z.strictObject({
    id,
    file: file.exactOptional(),
    persona,
    token: token.exactOptional(),
    runId: id,
  }),
  personas: z.null(),
};

export function createRunHandlers(deps: HandlerDeps): HandlersOf<RunFunctions> {
  const { config, engine, traces, demo } = deps;
  const { mint } = deps.authSwitch;
  const runs = createRuns({
    baseUrl: deps.baseUrl,
    // A person at a breakpoint takes the time they need.
    limitMs: () => (engine.list().some(({ debug }) => debug !== null) ? null : config.timeoutMs),
    personaToken: mint.personaToken,
    onTraceAdded: (listener) => traces.onAdded(listener),
  });
  return {
    ...createSampleHandlers(deps),
    async run({ plugin, route, subscription, ...call }) {
      if (subscription !== undefined) await actAs(deps, call, subscription);
      return runs.send({ ...call, path: pathOf(plugin, route) });
    },
    cancelRun({ runId }) {
      runs.cancel(runId);
      return null;
    },
    runAsCurl: async ({ plugin, route, body, persona, token, revealToken }) =>
      toCurl({
        method: 'POST',
        url: `${deps.baseUrl()}${pathOf(plugin, route)}`,
        headers: { 'content-type': 'application/json' },
        body,
        token: await mint.personaToken(persona, token),
        revealToken,
      }),
    async replay(input) {
      const { id, file, ...call } = input;
      const trace = file === undefined ? await traces.require(id) : deps.openedFiles.get(file, id);
      // A plugin of the same name here is the user's own.
      const isElsewhere =
        file === undefined && demo.isDemoPlugin(trace.plugin) && engine.get(trace.plugin) === undefined;
      return isElsewhere ? demo.replay(input) : runs.send({ ...call, ...recordedCall(trace) });
    },
    personas: () => mint.personas(),
  };
}

/** Stores it for the user whom the call is made as; one that is refused has none. */
async function actAs(
  { authSwitch, documents }: HandlerDeps,
  { persona, token }: Pick<RunRequest, 'persona' | 'token'>,
  subscription: PersonaSubscription,
): Promise<void> {
  const bearer = await authSwitch.mint.personaToken(persona, token);
  const who = await authSwitch.authenticator.authenticate(bearer === null ? [] : [`Bearer ${bearer}`]);
  if (who.ok) await subscribe(documents, who.identity.userId, subscription, new Date());
}

function pathOf(plugin: string, route: RunRoute = 'execute'): string {
  return executePath(plugin, route === 'execute' ? ROUTES.execute : ROUTES.hostExecute);
}
