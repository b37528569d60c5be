import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CommandContext } from '../command.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

/**
 * What the scripts that run before the build find on this machine. They run in their own process, since they
 * are not bundled.
 */

/** What `main/bin/inspect.mjs` prints. */
interface MachineFacts {
  readonly node: {
    readonly version: string;
    readonly path: string;
    readonly oldest: string;
    readonly tooOld: boolean;
  };
  readonly displayProblem: string | null;
  readonly electron: { readonly source: string; readonly binary: string; readonly notice: string } | null;
  readonly missing: readonly string[];
  readonly problem: { readonly what: string; readonly why: string; readonly remedy: string } | null;
}

const SCRIPT = 'main/bin/inspect.mjs';
/** It starts Electron once and asks the package manager for names. */
const LIMIT_MS = 120_000;

/** Node, display, Electron and its libraries. Rejects only when `signal` is aborted. */
export async function inspectMachine({
  sources,
  entry,
  signal,
}: Pick<CommandContext, 'sources' | 'entry' | 'signal'>): Promise<readonly Finding[]> {
  const script = findScript(dirname(fileURLToPath(entry)));
  if (script === null) return [notInspected(`${SCRIPT} is missing`)];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { ...sources.env },
      timeout: LIMIT_MS,
      signal,
      windowsHide: true,
    });
    const facts = JSON.parse(stdout) as MachineFacts;
    return [nodeFinding(facts), displayFinding(facts), electronFinding(facts), ...libraryFindings(facts)];
  } catch (error) {
    if (signal.aborted) throw error;
    return [notInspected(String(error).split('\n', 1)[0] ?? '')];
  }
}

/** Beside the build, or above the folder where the tests build. */
function findScript(folder: string): string | null {
  if (existsSync(join(folder, SCRIPT))) return join(folder, SCRIPT);
  const above = dirname(folder);
  return above === folder ? null : findScript(above);
}

function notInspected(why: string): Finding {
  return problem(
    'Node',
    `Node, display and Electron could not be inspected: ${why}`,
    "Restore the product's files: git checkout main/bin, or reinstall it.",
  );
}

function nodeFinding({ node: { version, path, oldest, tooOld } }: MachineFacts): Finding {
  const found = `${version} (${path})`;
  if (!tooOld) return fine('Node', found);
  return problem('Node', `${found} is too old`, `Install Node ${oldest} or newer.`);
}

function displayFinding({ displayProblem }: MachineFacts): Finding {
  if (displayProblem === null) return fine('Display', 'a window can open');
  return warning(
    'Display',
    `no window can open: ${displayProblem}`,
    'Use "mozaiks-workbench serve" and a browser, or start it where there is a display.',
  );
}

/** Without a display nothing needs Electron, so its problems are warnings there. */
function electronFinding({ electron, problem: found, displayProblem }: MachineFacts): Finding {
  const report = displayProblem === null ? problem : warning;
  if (found !== null) return report('Electron', `${found.what}: ${found.why}`, found.remedy);
  if (electron === null) {
    return report('Electron', 'not installed', 'Run "npm start" in the product\'s folder: it downloads one.');
  }
  if (electron.source !== 'copy') return fine('Electron', `${electron.notice} (${electron.binary})`);
  return warning(
    'Electron',
    electron.notice,
    'Allow the download of Electron ("npm start" tries again once a day), or set ELECTRON_OVERRIDE_DIST_PATH to an unpacked one.',
  );
}

function libraryFindings({ electron, missing }: MachineFacts): readonly Finding[] {
  const areSeen = process.platform === 'linux' && electron !== null && missing.length === 0;
  return areSeen ? [fine('Libraries', 'Electron finds every shared library it links against')] : [];
}
