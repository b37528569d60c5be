/**
 * Miniflare serving one worker, reloaded when its file is saved; runs in the folder where miniflare is
 * installed. `node server.mjs <worker.js>` prints its address as `listening on <url>`.
 *
 * Miniflare itself watches no files (wrangler does that for it): its door for a change is `setOptions`. This
 * server calls it at the first file event, without any quiet time, which is the most favourable there is.
 */
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Miniflare } from 'miniflare';

const file = process.argv[2];
const options = async () => ({
  modules: true,
  script: await readFile(file, 'utf8'),
  compatibilityDate: '2026-01-01',
  host: '127.0.0.1',
  port: 0,
  cf: false,
});

const miniflare = new Miniflare(await options());
const url = await miniflare.ready;
let reloading = false;
let again = false;

async function reload() {
  if (reloading) {
    again = true;
    return;
  }
  reloading = true;
  do {
    again = false;
    await miniflare.setOptions(await options());
  } while (again);
  reloading = false;
}

watch(dirname(file), (_event, name) => {
  if (name !== basename(file)) return;
  reload().catch((error) => {
    console.error(error);
    process.exit(1);
  });
});
process.once('SIGTERM', () => miniflare.dispose().then(() => process.exit(0)));
console.log(`listening on ${url.origin}`);
