import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPlugin } from './load.ts';

/**
 * The first `import()` of a process takes some 15 ms, the next ones less each time: a spare makes its first two, on
 * the way that a plugin's takes, before anything waits for it. What they leave behind, the load of a plugin replaces;
 * call it before one may arrive. Never rejects; without the file beside this script the first load is only slower.
 */
export async function warmUp(): Promise<void> {
  const file = join(__dirname, 'warm-up.mjs');
  try {
    await loadPlugin(file, file);
    await import(`${pathToFileURL(file).href}?again`);
  } catch (error) {
    process.stderr.write(`the warm-up failed: ${String(error)}\n`);
  }
}
