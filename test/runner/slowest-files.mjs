/** Reporter: where the time of a run went. */
import { relative } from 'node:path';
import { projectRoot } from '../../main/bin/project.mjs';

const SHOWN = 10;

export default class SlowestFiles {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    if (modules.length <= SHOWN) return;
    const timed = modules
      .map((module) => ({ path: relative(projectRoot, module.moduleId), seconds: secondsOf(module) }))
      .sort((a, b) => b.seconds - a.seconds);
    console.log(`\nThe slowest ${SHOWN} of ${timed.length} files:`);
    for (const { path, seconds } of timed.slice(0, SHOWN)) {
      console.log(`${seconds.toFixed(1).padStart(7)} s  ${path}`);
    }
    console.log('');
  }
}

/** Loading, hooks and tests. */
function secondsOf(module) {
  const { prepareDuration, environmentSetupDuration, setupDuration, collectDuration, duration } =
    module.diagnostic();
  return (prepareDuration + environmentSetupDuration + setupDuration + collectDuration + duration) / 1000;
}
