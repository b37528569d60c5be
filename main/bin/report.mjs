/** What set-up prints (on stderr: stdout is the product's) and what it stores for the next script. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonIfAny, stateFolder } from './project.mjs';

/** A failed step, in three parts: what failed, why, and what to do about it. */
export class SetupProblem extends Error {
  constructor(what, why, remedy) {
    super(`${what}: ${why}`);
    this.name = 'SetupProblem';
    this.what = what;
    this.why = why;
    this.remedy = remedy;
  }
}

export function say(line) {
  console.error(`setup: ${line}`);
}

export function sayProblem(problem) {
  console.error(`setup: ${problem.what}\n  why:        ${problem.why}\n  what to do: ${problem.remedy}`);
}

/** Prints what is being done, then how long it took, even if it failed. Returns what `work` returns. */
export async function timed(line, work) {
  say(`${line} …`);
  const start = performance.now();
  const result = await work();
  say(`… took ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

/**
 * @typedef {{binary: string, version: string, source: 'override'|'package'|'copy', notice: string}} UsableElectron
 * @typedef {{electron: UsableElectron|null, electronProblem: string|null}} SetupReport
 */

function reportPath(purpose) {
  return join(stateFolder, `setup-${purpose}.json`);
}

/** @param {string} purpose @param {SetupReport} report */
export function writeReport(purpose, report) {
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(reportPath(purpose), `${JSON.stringify(report, null, 2)}\n`);
}

/** @returns {SetupReport} what the set-up for `purpose` found; when it never ran, a report that says so */
export function readReport(purpose) {
  const missing = `the set-up has not run (node main/bin/setup.mjs ${purpose})`;
  return readJsonIfAny(reportPath(purpose)) ?? { electron: null, electronProblem: missing };
}
