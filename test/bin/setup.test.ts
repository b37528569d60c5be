import { utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createScratchProject } from './scratch-project.ts';

describe.runIf(process.platform === 'linux')('set-up', () => {
  it('builds once, then has nothing to say or do', async () => {
    const project = createScratchProject();
    const first = await project.run('setup.mjs', ['serve']);
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toContain('setup: building');

    const again = await project.run('setup.mjs', ['serve']);
    expect(again).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(project.calls()).toEqual(['electron-vite build --logLevel warn']);
  });

  it('builds again when a source changed, not when only its time did', async () => {
    const project = createScratchProject();
    await project.run('setup.mjs', ['serve']);
    utimesSync(project.write('main/index.ts', 'export const one = 1;\n'), 1, 1);
    await project.run('setup.mjs', ['serve']);
    expect(project.calls()).toHaveLength(1);

    project.write('main/index.ts', 'export const one = 2;\n');
    await project.run('setup.mjs', ['serve']);
    expect(project.calls()).toHaveLength(2);

    project.write('renderer/new.ts', '');
    await project.run('setup.mjs', ['serve']);
    expect(project.calls()).toHaveLength(3);
  });

  it('builds again when something else wrote to out/, as npm run dev does', async () => {
    const project = createScratchProject();
    await project.run('setup.mjs', ['serve']);
    project.write('out/main/index.cjs', 'made for development');
    await project.run('setup.mjs', ['serve']);
    expect(project.calls()).toHaveLength(2);
    expect(project.read('out/main/index.cjs')).toBe('');
  });

  it('says what is wrong with a build that fails, and builds the next time', async () => {
    const project = createScratchProject();
    const broken = await project.run('setup.mjs', ['serve'], { BREAK_BUILD: '1' });
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain(
      'setup: The build failed\n  why:        main/index.ts:1:1 is wrong\n  what to do: ',
    );
    expect(await project.run('setup.mjs', ['serve'])).toMatchObject({ code: 0 });
    expect(project.calls()).toHaveLength(2);
  });

  it('lets a test run go on without a build', async () => {
    const project = createScratchProject();
    const { code, stderr } = await project.run('setup.mjs', ['test'], { BREAK_BUILD: '1' });
    expect(stderr).toContain('The build failed');
    expect(code).toBe(0);
  });

  it('neither builds nor looks for Electron for the quick tests', async () => {
    const project = createScratchProject();
    expect(await project.run('setup.mjs', ['quick'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(project.calls()).toEqual([]);
  });

  it('installs when node_modules differs from the lock file, and only then', async () => {
    const project = createScratchProject();
    // As npm does, leaves out what is for another platform.
    const installed = '{"packages":{"node_modules/thing":{"version":"2.0.0"}}}';
    project.tool('npm', `echo '${installed}' > node_modules/.package-lock.json`);
    project.write(
      'package-lock.json',
      JSON.stringify({
        packages: {
          'node_modules/thing': { version: '2.0.0' },
          'node_modules/other-os': { version: '1.0.0', optional: true },
        },
      }),
    );
    const { code, stderr } = await project.run('setup.mjs', ['serve']);
    expect(code).toBe(0);
    expect(stderr).toContain('node_modules/thing should be 2.0.0 and is 1.0.0');
    await project.run('setup.mjs', ['serve']);
    expect(project.calls().filter((call) => call.startsWith('npm'))).toEqual([
      'npm ci --no-audit --no-fund --loglevel=error',
    ]);
  });

  it('ends with what npm said when the install fails', async () => {
    const project = createScratchProject();
    project.tool('npm', 'echo "npm error code E404" >&2; exit 1');
    project.write('node_modules/.package-lock.json', 'half written');
    const { code, stderr } = await project.run('setup.mjs', ['start']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'The packages could not be installed\n  why:        npm error code E404\n  what to do: ',
    );
    expect(project.calls().some((call) => call.startsWith('electron-vite'))).toBe(false);
  });

  it('refuses a purpose it does not know', async () => {
    const { code, stderr } = await createScratchProject().run('setup.mjs', ['deploy']);
    expect(code).toBe(1);
    expect(stderr).toContain('"deploy" is not one of start, serve, dev, test, quick');
  });
});
