import { readFileSync } from 'node:fs';
import { afterAll, afterEach, expect, vi } from 'vitest';
import { descendantsOf } from '../../main/hosts/process-tree.ts';
import { runEndings } from './test-endings.ts';

afterEach(runEndings);
afterAll(runEndings);

/** A runtime that a file leaves behind would go on beside all the files after it. */
afterAll(() => vi.waitFor(() => expect(runningHosts()).toEqual([])));

/** The processes of plugins below this one; on Linux. */
function runningHosts(): readonly string[] {
  return descendantsOf(process.pid)
    .map(commandOf)
    .filter((command) => /node-host\.cjs|python_host\.py/.test(command));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended between two readings.
    return '';
  }
}
