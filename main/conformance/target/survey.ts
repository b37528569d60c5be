import { WorkbenchError } from '../../contract/errors.ts';
import { authorizationHeader, executePath, ROUTES } from '../../contract/http.ts';
import { PLUGIN_NAME } from '../../contract/plugin-name.ts';
import { type Exchange, type Observed, send } from '../run/exchange.ts';
import { PROBE, type ProbeReport } from './probe.ts';

/** What a runtime shows of itself to a client that asks. */
export interface TargetInfo {
  /** It lists its plugins without a token. */
  readonly anonymousAllowed: boolean;
  /** Names of those that would execute, as far as its list is of the contract's shape. */
  readonly plugins: readonly string[];
  /** What the probe plugin answered; null where it is not loaded or the caller can't reach it. */
  readonly probe: Pick<ProbeReport, 'environment' | 'language'> | null;
  /** It did not let the caller execute anything. */
  readonly callerRefused: boolean;
  /** Where plugins are executed. */
  readonly executeRoute: string;
}

/**
 * Asks a runtime what it offers, as the caller whose token is given.
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
  return { ...found, anonymousAllowed: anonymous.status === 200, plugins: listRunnable(listed) };
}

const REPORT = JSON.stringify({ action: 'report' });

/** The contract's route, then the plugin host's: the first that the probe answers by, else the first that exists. */
async function findProbe(
  post: (path: string) => Promise<Observed>,
): Promise<Pick<TargetInfo, 'probe' | 'executeRoute' | 'callerRefused'>> {
  const [contract, host] = [ROUTES.execute, ROUTES.hostExecute];
  const answer = await post(createPath(contract));
  const callerRefused = isRefusal(answer);
  const probe = findReport(answer);
  if (probe !== null || callerRefused) return { probe, executeRoute: contract, callerRefused };
  // Every runtime says 404 of an unknown plugin; what it says of a route that it surely doesn't have tells the two apart.
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

/** Some servers name the path in their words about it. */
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
    const why = error instanceof Error ? error.message || error.name : String(error);
    throw new WorkbenchError('NOT_READY', `No runtime answers at ${target.origin}: ${why}`, { cause: error });
  }
}

function listRunnable({ body }: Observed): string[] {
  const plugins = parseObject(body)?.plugins;
  return Array.isArray(plugins) ? plugins.filter(isRunnable).map(({ name }) => name) : [];
}

function isRunnable(entry: unknown): entry is { name: string } {
  if (typeof entry !== 'object' || entry === null) return false;
  const { name, enabled, status } = entry as Record<string, unknown>;
  return typeof name === 'string' && PLUGIN_NAME.test(name) && enabled !== false && status !== 'failed';
}

function findReport({ status, body }: Observed): TargetInfo['probe'] {
  const report = status === 200 ? parseObject(body) : null;
  const environment = report?.environment;
  if (report?.probe !== 1 || typeof environment !== 'object' || environment === null) return null;
  // Written by a stranger: each value is looked at again where it is used.
  return { language: report.language, environment } as TargetInfo['probe'];
}

/** Null for what is no JSON object: then nothing is known, and clauses that need it say so. */
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
