import { setTimeout as delay } from 'node:timers/promises';
import type { Execute } from '../../main/contract/plugin.ts';

/** `{"seconds": 40}` runs into the timeout. The wait ends early when the caller goes away. */
export const execute: Execute = async (data, { signal, deadline, log }) => {
  const seconds = data.seconds ?? 2;
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= 3600)) {
    return { error: '"seconds" must be a number from 0 to 3600', error_code: 'BAD_SECONDS' };
  }
  const left = (deadline - Date.now()) / 1000;
  log(`waiting ${seconds} s of the ${left.toFixed(1)} s this call has`);
  await delay(seconds * 1000, undefined, { signal });
  return { waited_seconds: seconds };
};
