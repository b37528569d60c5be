import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/folders.ts';
import { runStandins } from './run-standins.ts';

async function folder(): Promise<string> {
  const made = await temporaryFolder('workbench-standins');
  onTestFinished(made.remove);
  return made.path;
}

const settings = (code: string) => `
from mozaiks_platform.settings_manager import settings_manager as settings
async def plugin():
${code.replace(/^/gm, '    ')}
out = asyncio.run(plugin())
`;

describe('settings', () => {
  it('last from one process to the next, in a JSON file for each user and plugin', async () => {
    const path = join(await folder(), 'made', 'when needed');
    await runStandins(settings('await settings.save_plugin_settings("u1", "tasks", {"view": "é"})'), path);
    await runStandins(settings('await settings.save_plugin_settings("u1", "notes", {"n": 1})'), path);
    await runStandins(settings('await settings.save_plugin_settings("u2", "tasks", {"n": 2})'), path);
    const { out } = await runStandins(
      settings(
        'return [await settings.get_plugin_settings("u1", "tasks"), await settings.get_user_settings("u1")]',
      ),
      path,
    );
    expect(out).toEqual([
      { view: 'é' },
      {
        user_id: 'u1',
        plugin_settings: { tasks: { view: 'é' }, notes: { n: 1 } },
        notification_preferences: {},
      },
    ]);
    const files = await readdir(path);
    expect(files).toHaveLength(3);
    expect((await stat(path)).mode & 0o077).toBe(0);
    const tasks = files.find((file) => file.startsWith('tasks.u1.')) ?? '';
    expect(JSON.parse(await readFile(join(path, tasks), 'utf8'))).toMatchObject({
      user_id: 'u1',
      plugin: 'tasks',
    });
  });

  it('stay in their folder and apart, whatever users are called', async () => {
    const path = join(await folder(), 'own');
    const { out } = await runStandins(
      settings(`
names = ["../../x", "..", "a/b", "a_b", "A_B", "u" * 256, "\\\\ud800", "nul\\\\0"]
for at, name in enumerate(names):
    await settings.save_plugin_settings(name, "../" + name, {"at": at})
return [(await settings.get_plugin_settings(name, "../" + name))["at"] for name in names]`),
      path,
    );
    expect(out).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await readdir(path)).toHaveLength(8);
    expect(await readdir(join(path, '..'))).not.toContain('x');
  });

  it('are written whole: the old ones stay until the new ones are complete', async () => {
    const path = await folder();
    const { out } = await runStandins(
      settings(`
import os
def full_disk(*_): raise OSError("no space left")
await settings.save_plugin_settings("u", "p", {"n": 1})
os.replace, replace = full_disk, os.replace
try:
    await settings.save_plugin_settings("u", "p", {"n": 2})
except OSError:
    before = await settings.get_user_settings("u")
    os.replace = replace
    await settings.save_plugin_settings("u", "p", {"n": 3})
    return [before["plugin_settings"], await settings.get_plugin_settings("u", "p")]`),
      path,
    );
    expect(out).toEqual([{ p: { n: 1 } }, { n: 3 }]);
  });

  it('name the file that someone has broken, and refuse a plugin without a name', async () => {
    const path = await folder();
    const save = settings('await settings.save_plugin_settings("u", "p", {"n": 1})');
    await runStandins(save, path);
    const [file = ''] = await readdir(path);
    const read = settings('await settings.get_plugin_settings("u", "p")');
    for (const broken of ['{', '[]']) {
      await writeFile(join(path, file), broken);
      await expect(runStandins(read, path)).rejects.toThrow(`${file} contains no settings`);
    }
    const nameless = settings('await settings.save_plugin_settings("u", "", {})');
    await expect(runStandins(nameless, path)).rejects.toThrow("Invalid plugin name: ''");
  });
});

describe('the real modules', () => {
  it('are used wherever the interpreter or the plugin has them; only what is missing is replaced by a stub', async () => {
    const path = await folder();
    await mkdir(join(path, 'mozaiks_infra'));
    await writeFile(join(path, 'mozaiks_infra', '__init__.py'), 'real = True\n');
    await writeFile(join(path, 'mozaiks_infra', 'event_bus.py'), 'event_bus = "the real one"\n');
    await mkdir(join(path, 'core'));
    await writeFile(join(path, 'core', 'event_bus.py'), 'event_bus = "of a folder without __init__"\n');
    const { out, events } = await runStandins(
      `
import mozaiks_infra
from mozaiks_infra.event_bus import event_bus as real
from core.event_bus import event_bus as own
from mozaiks_infra.websocket_manager import websocket_manager
asyncio.run(websocket_manager.send_to_user("u", {}))
out = [mozaiks_infra.real, real, own]
`,
      path,
    );
    expect(out).toEqual([true, 'the real one', 'of a folder without __init__']);
    expect(events).toEqual([
      expect.objectContaining({ kind: 'sent', name: 'message', source: 'mozaiks_infra.websocket_manager' }),
    ]);
  });

  it('fail as they are when they are present and broken', async () => {
    const path = await folder();
    await writeFile(join(path, 'core.py'), 'import motor_that_is_missing\n');
    await expect(runStandins('import core.event_bus', path)).rejects.toThrow(
      "No module named 'motor_that_is_missing'",
    );
  });
});
