import { expect, onTestFinished } from 'vitest';
import type { Log } from '../../main/system/log.ts';
import type { CleanUp } from './clean-up.ts';

export interface RecordingLog extends Log {
  /** Every line, as it was given. */
  readonly lines: string[];
  /** What should not have happened; empty it in a test that expects some. */
  readonly errors: { message: string; error: unknown }[];
}

/** A log that is recorded. An error left in it fails the test. */
export function recordingLog(cleanUp: CleanUp = onTestFinished): RecordingLog {
  const lines: string[] = [];
  const errors: RecordingLog['errors'] = [];
  const note = (message: string, fields: unknown) => {
    lines.push(`${message} ${JSON.stringify(fields ?? null)}`);
  };
  cleanUp(() => expect(errors).toEqual([]));
  return {
    lines,
    errors,
    info: note,
    warn: note,
    error(message, error) {
      note(message, String(error));
      errors.push({ message, error });
    },
  };
}
