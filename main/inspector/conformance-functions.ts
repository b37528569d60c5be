import { z } from 'zod';
import { PROBE_LOGIC } from '../conformance/probe-files.ts';
import { type ConformanceFunctions, PROBE_LANGUAGES, REPORT_FORMATS } from '../contract/conformance.ts';
import { checkContext } from './check-context.ts';
import { createChecks } from './checks.ts';
import type { HandlerDeps } from './deps.ts';
import { id, token } from './fields.ts';
import type { ArgumentsOf, HandlersOf } from './function-types.ts';
import { saveFile } from './save.ts';

const probeLanguage = z.enum(PROBE_LANGUAGES);

export const CONFORMANCE_ARGUMENTS: ArgumentsOf<ConformanceFunctions> = {
  checkContract: z.strictObject({
    runId: id,
    target: z.string().max(2_000).nullable(),
    token: token.exactOptional(),
    secret: z.string().max(1_000).exactOptional(),
    ownKey: z.boolean().exactOptional(),
    probe: probeLanguage.exactOptional(),
    timeoutSeconds: z.number().positive().max(3_600).exactOptional(),
    mayDisrupt: z.boolean().exactOptional(),
  }),
  cancelCheck: z.strictObject({ runId: id }),
  recheckClause: z.strictObject({ reportId: id, clause: id }),
  saveProbe: z.strictObject({ language: probeLanguage }),
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
    saveProbe({ language }) {
      const { name, text } = PROBE_LOGIC[language];
      return saveFile(deps, name, once(text));
    },
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
