import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createScratchProject, fakeElectron, type ScratchProject } from './scratch-project.ts';

const DISPLAY = 'elsewhere:7';
const isRoot = process.getuid?.() === 0;
const onDebian = existsSync('/etc/debian_version');

/** A project whose Electron misses two libraries until `apt-get install` was called. */
function withMissingLibraries(): { project: ScratchProject; env: Record<string, string> } {
  const project = createScratchProject();
  fakeElectron(project, 'mine/electron', '40.1.2');
  const done = join(project.root, 'installed');
  project.tool(
    'ldd',
    `[ -e ${done} ] || printf '\\tlibgtk-3.so.0 => not found\\n\\tlibnss3.so => not found\\n\\tlibc.so.6 => /lib/libc.so.6 (0x1)\\n'`,
  );
  project.tool('apt-get', `case "$*" in *install*) touch ${done};; esac`);
  return { project, env: { DISPLAY, ELECTRON_OVERRIDE_DIST_PATH: join(project.root, 'mine') } };
}

describe.runIf(process.platform === 'linux' && onDebian)('shared libraries', () => {
  it.runIf(isRoot)('are installed by root, under the names of this release', async () => {
    const { project, env } = withMissingLibraries();
    project.tool(
      'apt-cache',
      "printf 'Package: libgtk-3-0t64\\nVersion: 1\\n\\nPackage: libasound2t64\\n'; exit 100",
    );
    const { stderr } = await project.run('setup.mjs', ['start'], env);
    expect(stderr).toContain('Electron lacks shared libraries (libgtk-3.so.0, libnss3.so)');
    const [update, install] = project.calls().filter((call) => call.startsWith('apt-get'));
    expect(update).toMatch(/ update$/);
    expect(install).toMatch(
      / install -y --no-install-recommends libgtk-3-0t64 libnss3 libasound2t64 libgbm1 /,
    );
    expect(project.report('start').electron).toMatchObject({ version: '40.1.2' });
  });

  it.runIf(isRoot)(
    'that cannot be installed are named, with the command, and the start goes on',
    async () => {
      const { project, env } = withMissingLibraries();
      project.tool('apt-get', 'echo "E: Unable to locate package libgtk-3-0" >&2; exit 100');
      const { code, stderr } = await project.run('setup.mjs', ['start'], env);
      expect(code).toBe(0);
      expect(stderr).toContain('why:        E: Unable to locate package libgtk-3-0');
      expect(stderr).toContain('apt-get update && apt-get install -y --no-install-recommends libgtk-3-0 ');
      expect(project.report('start').electronProblem).toContain('Electron lacks shared libraries');
    },
  );

  it.runIf(isRoot)('are not touched by anyone else: the exact command is printed', async () => {
    const { project, env } = withMissingLibraries();
    spawnSync('chown', ['-R', '65534', join(project.root, '..')]);
    const script = join(project.root, 'main/bin/setup.mjs');
    const { stderr } = spawnSync(process.execPath, [script, 'start'], {
      env: project.environment(env),
      uid: 65_534,
      encoding: 'utf8',
    });
    expect(stderr).toContain('why:        only root may install packages');
    expect(stderr).toContain(
      "what to do: Run: sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends libgtk-3-0 libnss3 ",
    );
    expect(project.calls().some((call) => call.startsWith('apt-get'))).toBe(false);
  });

  it('are left alone when nothing is missing', async () => {
    const { project, env } = withMissingLibraries();
    project.tool('ldd', "printf '\\tlibc.so.6 => /lib/libc.so.6 (0x1)\\n'");
    await project.run('setup.mjs', ['start'], env);
    expect(project.calls().some((call) => call.startsWith('apt-get'))).toBe(false);
    expect(project.report('start').electron).not.toBeNull();
  });
});
