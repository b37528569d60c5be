import { z } from 'zod';
import type { SwitchableAuth } from '../../auth/switchable-auth.ts';
import { CLAUSES } from '../../conformance/clauses/clauses.ts';
import { checkInThread } from '../../conformance/run/check-task.ts';
import { checkConformance } from '../../conformance/run/run.ts';
import { PROBE_LOGIC } from '../../conformance/target/probe-files.ts';
import { parseOrigin } from '../../conformance/target/remote-target.ts';
import {
  type CheckTokens,
  deriveTokens,
  NO_TOKENS,
  signTokens,
  signTokensWithSecret,
} from '../../conformance/target/tokens.ts';
import {
  type CheckRequest,
  type ConformanceFunctions,
  type ConformanceReport,
  PROBE_LANGUAGES,
  REPORT_FORMATS,
} from '../../contract/conformance.ts';
import { PRODUCTION_DIFFERENCES } from '../../contract/production-differences.ts';
import { type CheckOptions, createChecks, reportFile } from '../checks/checks.ts';
import { createCheckHistory } from '../checks/history.ts';
import type { HandlerDeps } from '../deps.ts';
import { saveFile } from '../downloads.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
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
  listDifferences: z.null(),
  cancelCheck: z.strictObject({ runId: id }),
  saveProbe: z.strictObject({ language: probeLanguage }),
  recheckClauses: z.strictObject({ runId: id, reportId: id, clauses: z.array(id).max(500) }),
  listReports: z.null(),
  getReport: z.strictObject({ reportId: id }),
  deleteReport: z.strictObject({ reportId: id.nullable() }),
  saveReport: z.strictObject({ reportId: id, format: z.enum(REPORT_FORMATS) }),
};

export function createConformanceHandlers(deps: HandlerDeps): HandlersOf<ConformanceFunctions> {
  const { config, onCheckProgress } = deps;
  const history = createCheckHistory(config.configPath, deps.log);
  const checks = createChecks({
    onProgress: onCheckProgress,
    onReport: (report) => history.save(report),
    check: (request, options) => checkRuntime(deps, request, options),
  });
  const find = async (reportId: string) => checks.find(reportId) ?? history.load(reportId);
  const list = async () =>
    (await history.list()).map((one) => ({ ...one, live: checks.find(one.id) !== undefined }));
  return {
    listClauses: () => CLAUSES,
    listDifferences: () => PRODUCTION_DIFFERENCES,
    checkContract: (request) => checks.run(request),
    cancelCheck({ runId }) {
      checks.cancel(runId);
      return null;
    },
    saveProbe({ language }) {
      const { name, text } = PROBE_LOGIC[language];
      return saveFile(deps, name, once(text));
    },
    recheckClauses: (input) => checks.recheck(input),
    listReports: list,
    getReport: ({ reportId }) => find(reportId),
    async deleteReport({ reportId }) {
      await history.delete(reportId);
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

type CheckDeps = Pick<
  HandlerDeps,
  'ownTarget' | 'baseUrl' | 'authSwitch' | 'redactor' | 'secrets' | 'checkScript'
>;

/**
 * Checks this runtime, also when its own address is given, or another.
 * @throws {WorkbenchError} BAD_REQUEST for an invalid address, token or secret, NOT_READY when nothing
 * answers there
 */
export async function checkRuntime(
  { ownTarget, baseUrl, authSwitch, redactor, secrets, checkScript }: CheckDeps,
  request: Omit<CheckRequest, 'runId'>,
  options: CheckOptions,
): Promise<ConformanceReport> {
  const { target: given, token, secret, timeoutSeconds, allowDisruptive, probe = 'javascript' } = request;
  const url = given === null ? baseUrl() : parseOrigin(given).origin;
  if (url !== baseUrl()) {
    const tokens = await tokensFor(authSwitch, request);
    const target = { url, tokens, timeoutSeconds, allowDisruptive };
    // The target's own secret is never sent, but one of its plugins may show it.
    const masked = secret === undefined ? secrets : [...secrets, secret];
    return checkInThread(checkScript, { target, secrets: masked, clauses: options.clauses }, options);
  }
  const target = await ownTarget({ language: probe, token });
  try {
    return await checkConformance({ target, redactor, ...options });
  } finally {
    await target.close();
  }
}

async function tokensFor(
  { current, mint }: SwitchableAuth,
  { secret, ownKey, token }: Pick<CheckRequest, 'secret' | 'ownKey' | 'token'>,
): Promise<CheckTokens> {
  if (secret !== undefined) return signTokensWithSecret(secret);
  if (ownKey === true) return signTokens(current().auth, (claims) => mint.mint(claims));
  return token === undefined ? NO_TOKENS : deriveTokens(token);
}
