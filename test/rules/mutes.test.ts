import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MUTE_LIMITS } from '../../main/contract/finding.ts';
import { Mutes, mutesFile } from '../../main/rules/mutes.ts';
import { temporaryFolder } from '../support/folders.ts';

/** Collections that are muted, in a real file. */

async function testFolder(): Promise<string> {
  const { path, remove } = await temporaryFolder('mutes');
  onTestFinished(remove);
  return path;
}

async function newPath(): Promise<string> {
  return mutesFile({ configPath: await testFolder(), app: { appId: 'a/b' } });
}

describe('muted collections', () => {
  it('hold at once, for a second runtime and after a restart, until they are unmuted', async () => {
    const path = await newPath();
    const [mutes, other] = [new Mutes(path), new Mutes(path)];
    await Promise.all([mutes.open(), other.open()]);
    let changes = 0;
    const unsubscribe = mutes.onChanged(() => {
      changes += 1;
    });
    expect(await mutes.mute('plants')).toEqual(['plants']);
    expect([mutes.has('plants'), mutes.has('tasks'), mutes.has(null)]).toEqual([true, false, false]);
    // It has not read the file again: nothing of the first one's is lost.
    expect(await other.mute('constructor')).toEqual(['constructor', 'plants']);
    expect(await mutes.unmute('plants')).toEqual(['constructor']);
    unsubscribe();
    await mutes.mute('areas');
    expect(changes).toBe(2);
    const restarted = new Mutes(path);
    await restarted.open();
    expect(restarted.list()).toEqual(['areas', 'constructor']);
  });

  it('that change at the same time are all stored', async () => {
    const path = await newPath();
    const mutes = new Mutes(path);
    const names = Array.from({ length: MUTE_LIMITS.collections }, (_, at) => `c${at}`);
    await Promise.all(names.map((name) => mutes.mute(name)));
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(names);
    await expect(mutes.mute('one more')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await mutes.mute('c7')).toHaveLength(names.length);
  });

  it.each(['{', '{"a":1}', '[1, null, "", {}, "plants"]'])(
    'in a file edited to %s leave a start',
    async (text) => {
      const path = await newPath();
      await mkdir(dirname(path));
      await writeFile(path, text);
      const mutes = new Mutes(path);
      await mutes.open();
      expect(mutes.list()).toEqual(text.includes('plants') ? ['plants'] : []);
    },
  );

  it('that can not be stored are not muted', async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'file'), '');
    const mutes = new Mutes(join(folder, 'file', 'muted.json'));
    await expect(mutes.mute('plants')).rejects.toMatchObject({ code: 'INTERNAL_ERROR' });
    expect(mutes.has('plants')).toBe(false);
  });
});
