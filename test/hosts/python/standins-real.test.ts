import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../plugins/workspace.ts';
import { runStandins } from './run-standins.ts';

describe('the real modules', () => {
  it('are used wherever the interpreter or the plugin has them; only what is missing is replaced by a stub', async () => {
    const path = await makeFolder();
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
    const path = await makeFolder();
    await writeFile(join(path, 'core.py'), 'import motor_that_is_missing\n');
    await expect(runStandins('import core.event_bus', path)).rejects.toThrow(
      "No module named 'motor_that_is_missing'",
    );
  });
});
