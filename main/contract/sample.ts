/** Request bodies stored in a plugin's own folder, `samples/<name>.json`: plain files, fit for git. */

/** One file of the folder. */
export interface Sample {
  /** The file's name without `.json`. */
  readonly name: string;
  /** As it is on disk, without its final newline; null when it wasn't read. */
  readonly text: string | null;
  /** Names this very content: 12 hex digits; null when it wasn't read. */
  readonly revision: string | null;
  /** What is wrong with it: not JSON and where, too large, not a regular file. */
  readonly problem: string | null;
}

export interface SampleList {
  readonly plugin: string;
  /** Sorted by name. */
  readonly samples: readonly Sample[];
  /** What is wrong with the folder itself, or null. */
  readonly notice: string | null;
}

export const SAMPLE_LIMITS = {
  /** Of one file, in bytes. */
  bytes: 256 * 1024,
  /** Of all that are read together; the rest is listed by name. */
  totalBytes: 4 * 1024 * 1024,
  files: 200,
  nameLength: 64,
} as const;

const SAMPLE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
/** Names that mean a device on Windows, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * What is wrong with a name for a sample and what would be right, or null. Any system can check such a file
 * out.
 */
export function sampleNameProblem(name: string): string | null {
  const { nameLength } = SAMPLE_LIMITS;
  if (name === '') return 'A sample needs a name';
  if (name.length > nameLength)
    return `A name has ${nameLength} characters at most; this one has ${name.length}`;
  if (DEVICE.test(name)) return `${name} is a device's name on Windows: take another`;
  if (SAMPLE_NAME.test(name)) return null;
  return 'Use letters, digits, _ and - only, a letter or a digit first';
}

/** What a UI may ask about samples. Every change answers with the folder as it is then. */
export interface SampleFunctions {
  samples: { argument: { plugin: string }; answer: SampleList };
  /**
   * Writes a body reformatted, with a final newline. `replaces`: the revision it takes the place of, null for
   * a new file; CONFLICT when there is another content by now.
   */
  saveSample: {
    argument: { plugin: string; name: string; body: string; replaces: string | null };
    answer: SampleList;
  };
  /** CONFLICT when the new name is taken. */
  renameSample: { argument: { plugin: string; name: string; to: string }; answer: SampleList };
  deleteSample: { argument: { plugin: string; name: string }; answer: SampleList };
}
