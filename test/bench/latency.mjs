import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, awaitVersion } from './client.mjs';

/** @typedef {{ms: number, failed: number}} Sample  failed: requests that got no good answer meanwhile */

/** Grows through the whole run, so that an older version is never taken for the awaited one. */
let version = 0;

/** Saves one version in place, as most editors do. @returns {number} the version */
export function saveNext({ file, source }) {
  version += 1;
  writeFileSync(file, source(version));
  return version;
}

/** @returns {Promise<Sample>} `ms` from before a save until the new version's answer has arrived */
export async function measureSave(subject) {
  // A connection and a process that are awake: what is measured is the reload.
  await ask(subject);
  const began = performance.now();
  const failed = await awaitVersion(subject, saveNext(subject));
  return { ms: performance.now() - began, failed };
}

/** The same for `count` saves at a fixed distance; each is answered by its version or a newer one. */
export async function measureStream(subject, count, apartMs) {
  const waits = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    const answer = awaitVersion(subject, saveNext(subject));
    waits.push(answer.then((failed) => ({ ms: performance.now() - began, failed })));
    await delay(apartMs);
  }
  return Promise.all(waits);
}
