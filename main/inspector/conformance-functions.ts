import { z } from 'zod';
import { type ConformanceFunctions, REPORT_FORMATS } from '../contract/conformance.ts';
import { checkContext } from './check-context.ts';
import { createChecks } from './checks.ts';
import type { HandlerDeps } from './deps.ts';
import { id, token } from './fields.ts';
import type { ArgumentsOf, HandlersOf } from './function-types.ts';
import { saveFile } from './save.ts';

export const CONFORMANCE_ARGUMENTS: ArgumentsOf<ConformanceFunctions> = {
  checkContract: z.strictObject({
    runId: id,
    target: z.string().max(2_000).nullable(),
    token: token.exactOptional(),
  }),
  cancelCheck: z.strictObject({ runId: id }),
  recheckClause: z.strictObject({ reportId: id, clause: id }),
  saveReport: z.strictObject({ reportId: id, format: z.enum(REPORT_FORMATS) }),
};

export function createConformanceHandlers(deps: HandlerDeps): HandlersOf<ConformanceFunctions> {
  const { config, engine, authSwitch, authenticator, mint, baseUrl, redactor, onCheckProgress } = deps;
  const checks = createChecks({
    ...{ baseUrl, redactor, onProgress: onCheckProgress },
    ownContext: () => checkContext(config, authSwitch.current(), engine, authenticator, mint),
    userOf: async (token) => claimedUser((await authenticator.inspectToken(token)).claims ?? {}),
  });
  return {
    checkContract: (request) => checks.run(request),
    cancelCheck({ runId }) {
      checks.cancel(runId);
      return null;
    },
    recheckClause: ({ reportId, clause }) => checks.recheck(reportId, clause),
    saveReport({ reportId, format }) {
      const { name, text } = checks.report(reportId, format);
      return saveFile(deps, name, once(text));
    },
  };
}

async function* once(text: string) {
  yield text;
}

/** As a runtime with default settings would read it (contract §3); another runtime's key is unknown here. */
function claimedUser({ sub, user_id, uid }: Readonly<Record<string, unknown>>): string | null {
  const claimed = sub ?? user_id ?? uid;
  return typeof claimed === 'string' && claimed !== '' ? claimed : null;
}
