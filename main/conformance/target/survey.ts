import { WorkbenchError } from '../../contract/errors.ts';
import { authorizationHeader, executePath, ROUTES } from '../../contract/http.ts';
import { PLUGIN_NAME } from '../../contract/plugin-name.ts';
import { errorMessage } from '../../system/errors.ts';
import { type Exchange, type Observed, send } from '../run/exchange.ts';
import { PROBE, type ProbeReport } from './probe.ts';

/** What a runtime reveals about itself to a client. */
export interface TargetInfo {
  /** It lists its plugins without a token. */
  readonly anonymousAllowed: boolean;
  /** Names of the plugins that would execute, as far as its list has the contract's shape. */
  readonly plugins: readonly string[];
  /** Names of those that are listed as failed. */
  readonly failing: readonly string[];
  /** What the probe plugin answered; null where it is not loaded or the caller can't reach it. */
  readonly probe: Pick<ProbeReport, 'environment' | 'language'> | null;
  /** It refused to execute anything for the caller. */
  readonly callerRefused: boolean;
  /** Where plugins are executed. */
  readonly executeRoute: string;
}

/**
 * Asks a runtime what it offers, with the caller's token.
 * @throws {WorkbenchError} NOT_READY when nothing answers there
 */
export async function inspectTarget(
  target: URL,
  token: string | null,
  signal: AbortSignal,
): Promise<TargetInfo> {
  const headers = authorizationHeader(token);
  const ask = (exchange: Exchange) => firstAnswer(target, exchange, signal);
  const anonymous = await ask({ kind: 'http', method: 'GET', path: ROUTES.plugins });
  const listed =
    token === null ? anonymous : await ask({ kind: 'http', method: 'GET', path: ROUTES.plugins, headers });
  const post = (path: string) => ask({ kind: 'http', method: 'POST', path, headers, body: REPORT });

  const found = await findProbe(post);
  const entries = listPlugins(listed);
  const namesOf = (failed: boolean) =>
    entries.filter(({ status }) => (status === 'failed') === failed).map(({ name }) => name);
  const lists = { plugins: namesOf(false), failing: namesOf(true) };
  return { ...found, ...lists, anonymousAllowed: anonymous.status === 200 };
}

const REPORT = JSON.stringify({ action: 'report' });

/**
 * Tries the contract's route, then the plugin host's: takes the first at which the probe answers, else the
 * first that exists.
 */
async function findProbe(
  post: (path: string) => Promise<Observed>,
): Promise<Pick<TargetInfo, 'probe' | 'executeRoute' | 'callerRefused'>> {
  const [contract, host] = [ROUTES.execute, ROUTES.hostExecute];
  const answer = await post(createPath(contract));
  const callerRefused = isRefusal(answer);
  const probe = findReport(answer);
  if (probe !== null || callerRefused) return { probe, executeRoute: contract, callerRefused };
  // Every runtime answers 404 for an unknown plugin; its answer for a route that can't exist tells the two
  // apart.
  const nowhere = withoutPath(await post(NOWHERE), NOWHERE);
  const isMissing = (given: Observed, route: string) => {
    const { status, body } = withoutPath(given, createPath(route));
    return status === 405 || (status === 404 && nowhere.status === 404 && body === nowhere.body);
  };
  if (!isMissing(answer, contract)) return { probe: null, executeRoute: contract, callerRefused };
  const hosts = await post(createPath(host));
  const executeRoute = isMissing(hosts, host) ? contract : host;
  return { probe: findReport(hosts), executeRoute, callerRefused: isRefusal(hosts) };
}

const NOWHERE = `/api/no-such-route/${PROBE}`;

function createPath(route: string): string {
  return executePath(PROBE, route);
}

/** Some servers repeat the path in the answer. */
function withoutPath({ status, body }: Observed, path: string): Pick<Observed, 'status' | 'body'> {
  return { status, body: body.replaceAll(path, '') };
}

function isRefusal({ status }: Observed): boolean {
  return status === 401 || status === 403;
}

async function firstAnswer(target: URL, exchange: Exchange, signal: AbortSignal): Promise<Observed> {
  try {
    return await send(target, exchange, signal);
  } catch (error) {
    if (signal.aborted)
      throw new WorkbenchError('NOT_READY', `Cancelled before ${target.origin} had answered`);
    const message = `No runtime answers at ${target.origin}: ${errorMessage(error)}`;
    throw new WorkbenchError('NOT_READY', message, { cause: error });
  }
}

interface ListedPlugin {
  readonly name: string;
  readonly status: unknown;
}

/** Those that are enabled. */
function listPlugins({ body }: Observed): readonly ListedPlugin[] {
  const plugins = parseObject(body)?.plugins;
  return Array.isArray(plugins) ? plugins.filter(isEnabled) : [];
}

function isEnabled(entry: unknown): entry is ListedPlugin {
  if (typeof entry !== 'object' || entry === null) return false;
  const { name, enabled } = entry as Record<string, unknown>;
  return typeof name === 'string' && PLUGIN_NAME.test(name) && enabled !== false;
}

function findReport({ status, body }: Observed): TargetInfo['probe'] {
  const report = status === 200 ? parseObject(body) : null;
  const environment = report?.environment;
  if (report?.probe !== 1 || typeof environment !== 'object' || environment === null) return null;
  // Not trusted: each value is checked again where it is used.
  return { language: report.language, environment } as TargetInfo['probe'];
}

/** Null for anything but a JSON object: then nothing is known, and clauses that need it say so. */
function parseObject(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
