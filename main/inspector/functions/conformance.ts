import { z } from 'zod';
import { CLAUSES } from '../../conformance/clauses/clauses.ts';
import { PROBE_LOGIC } from '../../conformance/target/probe-files.ts';
import { type ConformanceFunctions, PROBE_LANGUAGES, REPORT_FORMATS } from '../../contract/conformance.ts';
import { createChecks, reportFile } from '../checks/checks.ts';
import { createCheckHistory } from '../checks/history.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { saveFile } from '../save.ts';
import { findTarget } from './check-target.ts';
import { id, token } from './fields.ts';

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
    allowDisruptive: z.boolean().exactOptional(),
  }),
  listClauses: z.null(),
  cancelCheck: z.strictObject({ runId: id }),
  saveProbe: z.strictObject({ language: probeLanguage }),
  recheckClauses: z.strictObject({ runId: id, reportId: id, clauses: z.array(id).max(500) }),
  listReports: z.null(),
  getReport: z.strictObject({ reportId: id }),
  deleteReport: z.strictObject({ reportId: id.nullable() }),
  saveReport: z.strictObject({ reportId: id, format: z.enum(REPORT_FORMATS) }),
};

export function createConformanceHandlers(deps: HandlerDeps): HandlersOf<ConformanceFunctions> {
  const { config, redactor, onCheckProgress } = deps;
  const history = createCheckHistory(config.configPath, deps.log);
  const checks = createChecks({
    ...{ redactor, onProgress: onCheckProgress, onReport: history.keep },
    findTarget: (request, signal) => findTarget(deps, request, signal),
  });
  const find = async (reportId: string) => checks.find(reportId) ?? history.load(reportId);
  const list = async () =>
    (await history.list()).map((one) => ({ ...one, live: checks.find(one.id) !== undefined }));
  return {
    listClauses: () => CLAUSES,
    checkContract: (request) => checks.run(request),
    cancelCheck({ runId }) {
      checks.cancel(runId);
      return null;
    },
    saveProbe({ language }) {
      const { name, text } = PROBE_LOGIC[language];
      return saveFile(deps, name, once(text));
    },
    recheckClauses: (wish) => checks.recheck(wish),
    listReports: list,
    getReport: ({ reportId }) => find(reportId),
    async deleteReport({ reportId }) {
      await history.forget(reportId);
      return list();
    },
    async saveReport({ reportId, format }) {
      const { name, text } = reportFile(await find(reportId), format);
      return saveFile(deps, name, once(text));
    },
  };
}

async function* once(text: string) {
  yield text;
}
