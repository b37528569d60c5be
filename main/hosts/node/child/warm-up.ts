import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The first `import()` of a process takes some 15 ms, the next one 2: a spare makes its first one before
 * anything waits for it. Never rejects; without the file beside this script the first load is only slower.
 */
export async function warmUp(): Promise<void> {
  try {
    await import(pathToFileURL(join(__dirname, 'warm-up.mjs')).href);
  } catch (error) {
    process.stderr.write(`the warm-up failed: ${String(error)}\n`);
  }
}
