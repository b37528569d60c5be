import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePlugin } from '../support/folders.ts';

/** Plugins and calls that fill every screen: each kind of plugin, each outcome of a call. */

/** More plugins beside the examples: each fails in a way of its own. */
export async function writeFailingPlugins(plugins: string): Promise<void> {
  await writePlugin(
    plugins,
    'thrower',
    'exports.execute = () => { throw new Error("thrown on purpose"); };\n',
  );
  await writePlugin(plugins, 'quitter', 'exports.execute = () => process.exit(3);\n');
  await writePlugin(plugins, 'broken', 'exports.execute = () => {\n  return (;\n};\n');
  await writePlugin(
    plugins,
    'writer',
    'exports.execute = (data) => { console.log("one", data); console.warn("two"); console.error("three"); return { ok: [1, null, true, "x"] }; };\n',
  );
  await mkdir(join(plugins, 'disabled'), { recursive: true });
  await writeFile(join(plugins, 'disabled', 'manifest.json'), '{"enabled": false, "description": "Off"}');
  await writeFile(join(plugins, 'disabled', 'logic.js'), 'exports.execute = () => ({});\n');
}

/**
 * One call of each outcome; resolves when all of them are answered. The runtime's timeout should be short.
 */
export async function makeTraces(baseUrl: string): Promise<void> {
  const call = (plugin: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${baseUrl}/api/execute/${plugin}`, { method: 'POST', body: JSON.stringify(body), headers });
  await call('whoami', { user_id: 'evil', note: 'spoofed' });
  await call('writer', { name: 'Ada' });
  await call('tasks', { action: 'nope' });
  await call('thrower', {});
  await call('quitter', {});
  await call('slow', { seconds: 60 });
  await call('nothing', {});
  await call('hello', {}, { Authorization: 'Bearer x' });
  await call('invoice_py', {});
  const leaving = new AbortController();
  const left = fetch(`${baseUrl}/api/execute/slow`, {
    method: 'POST',
    body: '{"seconds":60}',
    signal: leaving.signal,
  }).catch(() => undefined);
  setTimeout(() => leaving.abort(), 200);
  await left;
}
