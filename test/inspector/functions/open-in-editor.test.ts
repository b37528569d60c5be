import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fakeEditor } from '../../support/fake-editor.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { startRuntime } from '../../support/runtime.ts';

/** Opening a plugin's files in an editor that is a real program. */

const SOURCE = 'export const execute = () => ({ ok: true });\n';

async function open(name = 'code', body = '', env: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder('workbench editor');
  onTestFinished(folder.remove);
  const editor = await fakeEditor(folder.path, name, body);
  const runtime = await startRuntime({
    plugins: { echo: { 'logic.js': SOURCE, 'lib/part one.js': '' } },
    env: { MOZAIKS_EDITOR: `"${editor.command}"`, ...env },
  });
  const plugins = await realpath(runtime.plugins);
  const ask = (argument: unknown) => runtime.runtime.inspector.call('openInEditor', argument);
  return { ...editor, folder: folder.path, plugins, ask };
}

describe('open in editor', () => {
  it('opens the entry, or a file at its line and column', async () => {
    const { ask, opened, plugins } = await open();
    expect(await ask({ name: 'echo' })).toEqual({ ok: true, value: { editor: 'code', file: 'logic.js' } });
    expect(await ask({ name: 'echo', file: 'lib/part one.js', line: 3, column: 7 })).toMatchObject({
      ok: true,
    });
    await vi.waitFor(async () =>
      expect(await opened()).toEqual([
        [join(plugins, 'echo/logic.js')],
        ['-r', '-g', `${join(plugins, 'echo/lib/part one.js')}:3:7`],
      ]),
    );
  });

  it('tells JetBrains’ editors of the place in their own way', async () => {
    const { ask, opened, plugins } = await open('idea');
    await ask({ name: 'echo', file: 'logic.js', line: 2 });
    await vi.waitFor(async () =>
      expect(await opened()).toEqual([['--line', '2', '--column', '1', join(plugins, 'echo/logic.js')]]),
    );
  });

  it('opens nothing outside of the plugin’s folder, whatever leads there', async () => {
    const { ask, opened, plugins } = await open();
    await writeFile(join(plugins, 'secret.txt'), 'x');
    await symlink(join(plugins, 'secret.txt'), join(plugins, 'echo/link.js'));
    await mkdir(join(plugins, 'echo2'));
    await writeFile(join(plugins, 'echo2/logic.js'), SOURCE);
    const files = ['../secret.txt', '/etc/passwd', 'link.js', '../echo2/logic.js', '.'];
    for (const file of files) {
      expect([file, await ask({ name: 'echo', file })]).toMatchObject([
        file,
        { ok: false, error: { code: 'FORBIDDEN' } },
      ]);
    }
    expect(await ask({ name: 'echo', file: 'gone.js' })).toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND' },
    });
    expect(await ask({ name: '../plugins/echo' })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
    for (const file of ['a\0b', 'a\nb', '', 'x'.repeat(1_001)]) {
      expect(await ask({ name: 'echo', file })).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
    }
    expect(await opened()).toEqual([]);
  });

  it('waits for no editor that stays open', async () => {
    const { ask, opened } = await open('code', 'exec sleep 15');
    const began = performance.now();
    expect(await ask({ name: 'echo' })).toMatchObject({ ok: true });
    expect(performance.now() - began).toBeLessThan(12_000);
    await vi.waitFor(async () => expect(await opened()).toHaveLength(1));
  });

  it('says why nothing opened, and the remedy', async () => {
    const failing = await open('code', 'exit 3');
    expect(await failing.ask({ name: 'echo' })).toMatchObject({
      ok: false,
      error: {
        code: 'CONFLICT',
        message: expect.stringMatching(/it ended with code 3\. Set MOZAIKS_EDITOR/),
      },
    });
    const missing = await open('code', '', { MOZAIKS_EDITOR: 'no-such-editor-here' });
    expect(await missing.ask({ name: 'echo' })).toMatchObject({
      ok: false,
      error: {
        code: 'CONFLICT',
        message: expect.stringMatching(
          /command 'no-such-editor-here' not found on the PATH\. Set MOZAIKS_EDITOR/,
        ),
      },
    });
    const terminal = await open('code', '', { MOZAIKS_EDITOR: 'vim' });
    expect(await terminal.ask({ name: 'echo' })).toMatchObject({
      ok: false,
      error: { code: 'CONFLICT', message: expect.stringContaining('needs a terminal') },
    });
    expect(await terminal.opened()).toEqual([]);
  });

  it('hands the command to no shell', async () => {
    const { folder, ask, plugins } = await open('code', '', {
      MOZAIKS_EDITOR: 'true ; touch owned && touch owned',
    });
    expect(await ask({ name: 'echo' })).toMatchObject({ ok: true });
    await expect(realpath(join(plugins, 'echo/owned'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(realpath(join(folder, 'owned'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
