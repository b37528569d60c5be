import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An editor as a real program: it writes down what it was asked to open, and ends. */
export interface FakeEditor {
  /** Its path, for MOZAIKS_EDITOR. */
  readonly command: string;
  /** The arguments of each start so far. */
  opened(): Promise<readonly (readonly string[])[]>;
}

/**
 * Named as an editor whose way to be told of line and column is known; `body` is what it does after writing
 * them down.
 */
export async function fakeEditor(folder: string, name = 'code', body = ''): Promise<FakeEditor> {
  const command = join(folder, name);
  const record = join(folder, `${name}.opened`);
  const script = `#!/bin/sh\n{ for word in "$@"; do printf '%s\\037' "$word"; done; printf '\\n'; } >> '${record}'\n${body}\n`;
  await writeFile(command, script);
  await chmod(command, 0o755);
  return {
    command,
    async opened() {
      const text = await readFile(record, 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('\u001f').slice(0, -1));
    },
  };
}
