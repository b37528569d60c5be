import { ConfigError, loadConfig } from '../../config/config.ts';
import { type ExaminedConfig, examineConfig } from '../../config/inspect.ts';
import { pythonOfEnvFile, pythonSetBy } from '../../config/settings/plugins.ts';
import type { Config, ConfigSources } from '../../config/types.ts';
import { PythonInterpreter } from '../../hosts/python/interpreter.ts';
import { ownEnvironmentsFolder } from '../../hosts/python/own-environment.ts';
import { findFreePort, findPortHolder, portProblem } from '../../system/ports.ts';
import { findRunning } from '../target/running-runtime.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

/** The current settings, and the ports and interpreter they name. */

export interface SettingsSeen {
  readonly values: ExaminedConfig['values'];
  /** Names of invalid settings: what depends on them alone can't be inspected. */
  readonly wrong: ReadonlySet<string>;
  /** Not all of them could be read. */
  readonly isPartial: boolean;
  readonly findings: readonly Finding[];
}

/** Every problem as its own finding, with its remedy; every notice as a warning. */
export async function inspectSettings(sources: ConfigSources): Promise<SettingsSeen> {
  try {
    const config = await loadConfig(sources);
    const given = config.settings.filter(({ source }) => source !== 'default').length;
    const notices = config.notices.map((notice) =>
      warning('Settings', notice, 'Change the named setting, or leave it as it is.'),
    );
    const asProduction = config.asProduction ? [fine('Settings', 'as in production')] : [];
    const mode = config.asProduction ? 'as in production, external mode' : `${config.auth.mode} mode`;
    const what = `${mode}; ${given} given, ${config.settings.length - given} by default`;
    return {
      values: config,
      wrong: new Set(),
      isPartial: false,
      findings: notices.length > 0 ? [...asProduction, ...notices] : [fine('Settings', what)],
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map(({ name, value, place, remedy }) => {
      const setting = value === null ? name : `${name}=${value}`;
      return problem('Settings', place ? `${setting} (${place})` : setting, remedy);
    });
    return { ...(await examineConfig(sources)), findings };
  }
}

/** The runtime's port, and the development issuer's if there is one. */
export async function inspectPorts(
  values: Pick<Config, 'host' | 'port' | 'portExplicit' | 'auth'>,
  { configPath }: ConfigSources,
): Promise<readonly Finding[]> {
  const { host, port, portExplicit, auth } = values;
  const place = { host, port, configPath, mayMove: !portExplicit, variable: 'PORT' };
  const own = await inspectPort('Port', place);
  const issuer = auth.mode === 'external' ? auth.devIssuer : null;
  if (issuer === null) return [own];
  const variable = 'MOZAIKS_DEV_ISSUER_PORT';
  const issuerPlace = { host: '127.0.0.1', port: issuer.port, configPath, mayMove: false, variable };
  return [own, await inspectPort('Issuer port', issuerPlace)];
}

interface PortPlace {
  readonly host: string;
  readonly port: number;
  readonly configPath: string;
  /** Whether a runtime takes the next free port by itself. */
  readonly mayMove: boolean;
  readonly variable: string;
}

async function inspectPort(topic: string, portPlace: PortPlace): Promise<Finding> {
  const { host, port, mayMove, variable } = portPlace;
  const place = `${port} on ${host}`;
  const code = await portProblem(host, port);
  if (code === null) return fine(topic, port === 0 ? `any free port on ${host}` : `${place} is free`);
  if (code !== 'EADDRINUSE') {
    return problem(
      topic,
      `nothing can listen on ${place} (${code})`,
      `Set HOST and ${variable} to other values.`,
    );
  }
  const runtime = variable === 'PORT' ? await findRunning(portPlace) : null;
  if (runtime?.isOwn) return fine(topic, `your runtime answers there: ${runtime.baseUrl}`);
  if (runtime !== null) {
    return warning(
      topic,
      `a runtime answers at ${runtime.baseUrl} that does not prove to be yours`,
      'Commands call it only by --url; a runtime of yours needs another port.',
    );
  }
  const holder = await findPortHolder(host, port);
  const who = holder === null ? 'another program' : `process ${holder.pid}: ${holder.command}`;
  const free = await findFreePort(host, port);
  const other = free === null ? `set ${variable}` : `set ${variable}=${free}`;
  const message = `${place} is in use by ${who}`;
  if (mayMove)
    return warning(topic, message, `A runtime takes the next free port; stop that program, or ${other}.`);
  return problem(topic, message, `Stop that program, or ${other}.`);
}

/**
 * Starts the interpreter, but not what a `.env` names: that came with a folder whose plugins don't run here.
 * @param isNeeded whether the folder has a plugin in Python
 */
export async function inspectPython(
  { python, settings }: Pick<Config, 'python' | 'settings'>,
  { env, configPath }: ConfigSources,
  isNeeded: boolean,
): Promise<Finding> {
  const named = pythonOfEnvFile(settings);
  if (named !== null) {
    return warning(
      'Python',
      `${python}, by ${named.origin}: not started here`,
      'If you trust that file, set MOZAIKS_PYTHON in the environment to have it inspected.',
    );
  }
  const environments = pythonSetBy(settings) === null ? ownEnvironmentsFolder(configPath) : null;
  const interpreter = new PythonInterpreter(python, env, undefined, environments);
  const found = await interpreter.findProblem();
  const own = interpreter.isOwn ? ', where the workbench installed motor' : '';
  if (found === null) return fine('Python', `${interpreter.version} (${interpreter.command})${own}`);
  const report = isNeeded ? problem : warning;
  return report('Python', `${found.what} (${found.details})`, `${found.remedy}.`);
}
