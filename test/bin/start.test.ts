import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createScratchProject, fakeElectron, type ScratchProject } from './scratch-project.ts';

const DISPLAY = 'elsewhere:7';

/** A project that is set up, with an Electron that runs `body`. */
async function startable(body: string): Promise<{ project: ScratchProject; env: Record<string, string> }> {
  const project = createScratchProject();
  fakeElectron(project, 'mine/electron', '40.1.2', body);
  const env = { DISPLAY, ELECTRON_OVERRIDE_DIST_PATH: join(project.root, 'mine') };
  await project.run('setup.mjs', ['start'], env);
  return { project, env };
}

describe.runIf(process.platform === 'linux')('npm start', () => {
  it('serves headless without a display: one line that says why, the arguments and the exit code passed on', async () => {
    const { project } = await startable('');
    const { code, stdout } = await project.run('start.mjs', ['--port', '9000']);
    expect(stdout).toBe(
      'No window: there is no display (DISPLAY and WAYLAND_DISPLAY are not set). Serving headless; open the printed address in a browser.\n' +
        'served headless ["serve","--port","9000"]\n',
    );
    expect(code).toBe(4);
  });

  it('does not believe a DISPLAY nobody answers', async () => {
    const { project } = await startable('');
    const { stdout } = await project.run('start.mjs', [], { DISPLAY: ':9871' });
    expect(stdout).toContain('No window: the display does not answer (DISPLAY=:9871).');
  });

  it('believes a DISPLAY that answers', async () => {
    const { project, env } = await startable("console.log('listening on http://127.0.0.1:1')");
    const server = createServer((socket) => socket.end());
    await new Promise<void>((ready) => server.listen('\0/tmp/.X11-unix/X9872', ready));
    onTestFinished(() => void server.close());
    const { code, stdout } = await project.run('start.mjs', [], { ...env, DISPLAY: ':9872.0' });
    expect(stdout).toContain('Starting the window in Electron 40.1.2');
    expect(code).toBe(0);
  });

  it('starts Electron on the project, with the arguments after -- and the notice for the UI', async () => {
    const { project, env } = await startable(
      `console.log('listening on http://127.0.0.1:1');
       console.log(JSON.stringify({ argv: process.argv.slice(2), notice: process.env.MOZAIKS_WORKBENCH_ELECTRON_NOTICE, node: process.env.ELECTRON_RUN_AS_NODE }));
       process.exitCode = 3;`,
    );
    // As in the terminal of an editor that is itself an Electron.
    const { code, stdout } = await project.run('start.mjs', ['--port', '9000'], {
      ...env,
      ELECTRON_RUN_AS_NODE: '1',
    });
    const seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    const separator = seen.argv.indexOf('--');
    expect(seen.argv.slice(separator - 1)).toEqual([project.root, '--', '--port', '9000']);
    expect(seen.argv.slice(0, separator - 1).filter((flag: string) => flag !== '--no-sandbox')).toEqual([]);
    expect(seen.notice).toContain('Electron 40.1.2 from ELECTRON_OVERRIDE_DIST_PATH');
    expect(seen.node).toBeUndefined();
    expect(code).toBe(3);
  });

  it.each([
    ['an exit code', 'process.exit(1)', 'exit code 1'],
    ['a signal', "process.kill(process.pid, 'SIGABRT'); setInterval(() => {}, 1000);", 'SIGABRT'],
  ])('goes on headless when Electron ends with %s while it starts', async (_case, body, how) => {
    const { project, env } = await startable(body);
    const { code, stdout } = await project.run('start.mjs', ['--port', '9000'], env);
    expect(stdout).toContain(`No window: Electron ended while starting (${how}). Serving headless`);
    expect(stdout).toContain('served headless ["serve","--port","9000"]');
    expect(code).toBe(4);
  });

  it('does not try bad settings a second time', async () => {
    const { project, env } = await startable('process.exit(2)');
    const { code, stdout } = await project.run('start.mjs', [], env);
    expect(stdout).not.toContain('headless');
    expect(code).toBe(2);
  });

  it('ends when npm was stopped, which leaves its scripts behind', async () => {
    const { project, env } = await startable(
      `process.on('SIGTERM', () => { console.log('got SIGTERM'); process.exit(0); });
       setInterval(() => {}, 1000);
       console.log('waiting');`,
    );
    // As npm runs a script: a shell between them, which takes the signal and does not pass it on.
    const script = `"${process.execPath}" "${join(project.root, 'main/bin/start.mjs')}"; true`;
    const shell = spawn('sh', ['-c', script], {
      env: project.environment({ ...env, npm_lifecycle_event: 'start' }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    shell.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (text.includes('waiting')) shell.kill('SIGTERM');
    });
    // The pipe closes when the last process that holds it has ended.
    await new Promise((ended) => shell.once('close', ended));
    expect(output).toContain('got SIGTERM');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('passes %s on once and ends as Electron does', async (signal) => {
    const { project, env } = await startable(
      `for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => { console.log('got ' + name); setTimeout(() => process.exit(6), 400); });
       setInterval(() => {}, 1000);
       console.log('waiting');`,
    );
    const child = spawn(process.execPath, [join(project.root, 'main/bin/start.mjs')], {
      env: project.environment(env),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      // The second one comes after the first was handled, as npm's repetition does.
      if (text.includes('waiting') || output.endsWith(`got ${signal}\n`)) child.kill(signal);
    });
    const code = await new Promise((ended) => child.once('close', ended));
    expect(output.match(new RegExp(`got ${signal}`, 'g'))).toHaveLength(1);
    expect(output).not.toContain('headless');
    expect(code).toBe(6);
  });
});

describe.runIf(process.platform === 'linux')('npm run dev', () => {
  it('says what to do without a display', async () => {
    const { project } = await startable('');
    await project.run('setup.mjs', ['dev']);
    const { code, stderr } = await project.run('dev.mjs');
    expect(stderr).toContain("npm run dev needs a window, which can't open here: there is no display");
    expect(stderr).toContain('npm run serve');
    expect(code).toBe(1);
  });

  it('hands electron-vite the Electron that set-up found', async () => {
    const { project, env } = await startable('');
    await project.run('setup.mjs', ['dev'], env);
    const log =
      "require('node:fs').writeFileSync('dev.json', JSON.stringify([process.env.ELECTRON_EXEC_PATH, ...process.argv.slice(2)]))";
    project.write('node_modules/electron-vite/bin/electron-vite.js', log);
    await project.run('dev.mjs', ['--port', '9000'], env);
    const [binary, ...args] = JSON.parse(project.read('dev.json'));
    expect(binary).toBe(join(project.root, 'mine/electron'));
    expect(args.slice(0, 2)).toEqual(['dev', '--']);
    expect(args.slice(-3)).toEqual(['--', '--port', '9000']);
  });
});
