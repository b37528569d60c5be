import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { projectRoot, temporaryFolder, writePlugin } from '../support/folders.ts';
import {
  answerQuestions,
  askedFolders,
  dropFiles,
  openWorkbench,
  pluginProcesses,
  type WorkbenchWindow,
  workbenchCommand,
} from '../support/workbench-window.ts';

/** What a page smuggled into the window must not be able to do (I1–I10), tried in the real window. */
describe('the window', () => {
  let workbench: WorkbenchWindow;
  beforeAll(async () => {
    // Another page, which the built product must not show.
    const env = { ELECTRON_RENDERER_URL: 'http://localhost:9/' };
    workbench = await openWorkbench({ examples: ['hello'], env });
  });
  afterAll(() => workbench.close());

  it('I1: gives the page three functions and nothing of Node or Electron', async () => {
    const seen = await workbench.page.evaluate(() => ({
      bridge: Object.keys(window.workbench ?? {}).sort(),
      node: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in window),
    }));
    expect(seen).toEqual({ bridge: ['call', 'on', 'pathOf'], node: [] });
  });

  it('I5: runs no inline script and no eval', async () => {
    const ran = await workbench.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.__inline = true';
      document.body.append(script);
      script.remove();
      return '__inline' in window;
    });
    expect(ran).toBe(false);
    // Through the page's own code, not through the debugger, which no policy binds.
    const evaluated = await workbench.page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
            once: true,
          });
          const link = document.createElement('a');
          link.href = 'javascript:void(0)';
          document.body.append(link);
          link.click();
          link.remove();
        }),
    );
    expect(evaluated).toMatch(/^script-src/);
  });

  it('I3: stays on its page and opens no other', async () => {
    const before = workbench.page.url();
    const opened = await workbench.page.evaluate(() => {
      location.href = 'https://evil.example/';
      return window.open('https://evil.example/') === null;
    });
    expect(opened).toBe(true);
    await vi.waitFor(() => expect(workbench.stderr()).toContain('Blocked navigation'));
    expect(workbench.stderr()).toContain('Blocked a new window');
    expect(workbench.page.url()).toBe(before);
    expect(workbench.app.windows()).toHaveLength(1);
  });

  it('I3: attaches no webview and grants no permission', async () => {
    const seen = await workbench.page.evaluate(async () => {
      const view = document.createElement('webview');
      view.setAttribute('src', 'https://evil.example/');
      document.body.append(view);
      const loaded = 'loadURL' in view;
      view.remove();
      const { state } = await navigator.permissions.query({ name: 'geolocation' });
      return { loaded, state };
    });
    expect(seen).toEqual({ loaded: false, state: 'denied' });
  });

  it.each([
    ['../../package.json', 404],
    ['%2e%2e/%2e%2e/package.json', 404],
    ['assets/../../main/index.cjs', 404],
    ['index.html', 200],
  ])('I3: serves %s with %i', async (path, status) => {
    const seen = await workbench.page.evaluate(
      async (wanted) => (await fetch(`workbench://app/${wanted}`)).status,
      path,
    );
    expect(seen).toBe(status);
  });

  it('goes on when the page gives up what it asked for, at any moment', async () => {
    const files = readdirSync(join(projectRoot, 'out/renderer/assets'));
    const ended = await workbench.page.evaluate(async (names) => {
      const outcomes = new Set<string>();
      // Gives up the rest after no file, after the first that came, after the second, and so on.
      for (let enough = 0; enough <= names.length; enough += 1) {
        const given = new AbortController();
        let arrived = 0;
        const arrive = () => {
          if (arrived === enough) given.abort();
          arrived += 1;
        };
        const downloads = names.map(async (name) => {
          const address = `workbench://app/assets/${name}`;
          const response = await fetch(address, { signal: given.signal, cache: 'no-store' });
          await response.arrayBuffer();
          arrive();
        });
        arrive();
        for (const { status } of await Promise.allSettled(downloads)) outcomes.add(status);
      }
      return [...outcomes].sort();
    }, files);
    expect(ended).toEqual(['fulfilled', 'rejected']);
    expect((await fetch(`${workbench.baseUrl}/health`)).status).toBe(200);
  });

  it('I1: refuses an Inspector call from a page at another address, and says so in its log', async () => {
    const preload = join(projectRoot, 'out/preload/preload.cjs');
    const result = await workbench.app.evaluate(async ({ BrowserWindow }, path) => {
      // A page with the same preload at another address, as one smuggled in would be.
      const foreign = new BrowserWindow({ show: false, webPreferences: { preload: path, sandbox: true } });
      await foreign.loadURL('about:blank');
      const answer: unknown = await foreign.webContents.executeJavaScript(
        "window.workbench.call('snapshot', null)",
      );
      foreign.destroy();
      return answer;
    }, preload);
    expect(result).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
    expect(workbench.stderr()).toContain('Refused an Inspector call from a foreign frame');
  });

  it('I1: refuses an Inspector call from an iframe of its own page, and says so in its log', async () => {
    const preload = join(projectRoot, 'out/preload/preload.cjs');
    const answers = await workbench.app.evaluate(async ({ BrowserWindow, session }, path) => {
      // Pages at our address as a hostile script would have them: with a frame, and the preload in it, too.
      const hostile = session.fromPartition('hostile');
      hostile.protocol.handle('workbench', () => {
        const html = '<iframe src="workbench://app/frame.html"></iframe>';
        return new Response(html, { headers: { 'Content-Type': 'text/html' } });
      });
      const webPreferences = {
        preload: path,
        sandbox: true,
        session: hostile,
        nodeIntegrationInSubFrames: true,
      };
      const window = new BrowserWindow({ show: false, webPreferences });
      await window.loadURL('workbench://app/index.html');
      const { mainFrame } = window.webContents;
      const call = "window.workbench.call('snapshot', null)";
      const frames = [mainFrame, ...mainFrame.frames];
      const given: unknown[] = await Promise.all(frames.map((frame) => frame.executeJavaScript(call)));
      window.destroy();
      return given;
    }, preload);
    expect(answers).toMatchObject([{ ok: true }, { ok: false, error: { code: 'FORBIDDEN' } }]);
    expect(workbench.stderr()).toMatch(/Refused an Inspector call from a foreign frame.*frame\.html/);
  });

  it('I1: gives an iframe of its page nothing', async () => {
    const bridge = await workbench.page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const found = typeof frame.contentWindow?.workbench;
      frame.remove();
      return found;
    });
    expect(bridge).toBe('undefined');
  });

  it('I7: shows the built page, whatever the environment says', () => {
    expect(workbench.page.url()).toMatch(/^workbench:\/\/app\/index\.html/);
  });

  it('has the safe values of every preference of its page', async () => {
    const seen = await workbench.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return (
        contents as unknown as { getLastWebPreferences(): object } | undefined
      )?.getLastWebPreferences();
    });
    expect(seen).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
    expect([undefined, '']).toContain((seen as { enableBlinkFeatures?: string }).enableBlinkFeatures);
  });

  it('I8: asks before the code of a new folder runs, named by a second start or dropped', async () => {
    const { app, page } = workbench;
    const folder = await temporaryFolder('new-folder');
    onTestFinished(folder.remove);
    const other = join(folder.path, 'plugins');
    const mark = join(folder.path, 'ran');
    const source = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''); export const execute = () => ({});`;
    await writePlugin(other, 'eager', source);
    const watchedFolder = () =>
      page.evaluate(async () => {
        const answer = await window.workbench?.call('snapshot', null);
        return answer?.ok ? answer.value.folder.path : null;
      });
    await answerQuestions(app, 'cancel');
    await secondStart(workbench.home, ['--plugins', other]);
    await vi.waitFor(async () => expect(await askedFolders(app)).toHaveLength(1));
    await dropFiles(page, [other]);
    await vi.waitFor(async () => expect(await askedFolders(app)).toHaveLength(2));
    for (const question of await askedFolders(app)) expect(question).toContain(other);
    expect(await watchedFolder()).toBe(workbench.plugins);
    expect(existsSync(mark)).toBe(false);
    await answerQuestions(app, 'agree');
    await dropFiles(page, [other]);
    await vi.waitFor(async () => expect(await watchedFolder()).toBe(other));
    await vi.waitUntil(() => existsSync(mark));
    await page.evaluate((path) => window.workbench?.call('watchFolder', { path }), workbench.plugins);
    expect(await askedFolders(app)).toHaveLength(1);
  });

  it('I10: shows a folder in the file manager instead of opening it', async () => {
    await workbench.app.evaluate(({ shell }) => {
      shell.openPath = async (path) => {
        process.stderr.write(`opened ${path}\n`);
        return '';
      };
      shell.showItemInFolder = (path) => process.stderr.write(`shown ${path}\n`);
    });
    await workbench.page.evaluate(() => window.workbench?.call('openPluginFolder', { name: 'hello' }));
    await vi.waitFor(() => expect(workbench.stderr()).toContain(`shown ${join(workbench.plugins, 'hello')}`));
    expect(workbench.stderr()).not.toContain('opened ');
  });

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'smb://host/share', 'http://example.org/'])(
    'I4: does not open %s',
    async (url) => {
      const answer = await workbench.page.evaluate(
        (link) => window.workbench?.call('openLink', { url: link }),
        url,
      );
      expect(answer).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
    },
  );

  it('I2: answers wrong and huge arguments with a code and goes on', async () => {
    const answers = await workbench.page.evaluate(async () => {
      const call = window.workbench?.call as
        | ((name: string, argument: unknown) => Promise<unknown>)
        | undefined;
      return [
        await call?.('trace', { id: 5 }),
        await call?.('noSuchFunction', null),
        await call?.('run', { runId: 'a', plugin: 'hello', persona: 'user', body: 'x'.repeat(10_000_000) }),
        await call?.('snapshot', null),
      ];
    });
    expect(answers).toMatchObject([
      { ok: false, error: { code: 'BAD_REQUEST' } },
      { ok: false, error: { code: 'NOT_FOUND' } },
      { ok: false, error: { code: 'BAD_REQUEST' } },
      { ok: true },
    ]);
  });

  it.runIf(process.platform === 'linux')('shares no socket with the processes of plugins', async () => {
    const main = workbench.app.process().pid ?? 0;
    const ofWindow = new Set(socketsOf(main));
    const plugins = await pluginProcesses(workbench);
    expect(plugins.length).toBeGreaterThan(0);
    await vi.waitFor(() =>
      expect(plugins.flatMap(socketsOf).filter((socket) => ofWindow.has(socket))).toEqual([]),
    );
  });

  it('I6: comes back when its page’s process dies, and again when it dies while it loads', async () => {
    const dead = await killPageTwice();
    await vi.waitFor(async () => expect(await livePage()).not.toBeOneOf([null, ...dead]), {
      timeout: 60_000,
      interval: 100,
    });
  });

  /**
   * With SIGKILL: a process that is made to crash lives on until its core dump is written, where the system
   * keeps those.
   */
  function killPageTwice(): Promise<readonly number[]> {
    return workbench.app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined) throw new Error('there is no window');
      const kill = () => {
        const pid = contents.getOSProcessId();
        process.kill(pid, 'SIGKILL');
        return pid;
      };
      const whileLoading = new Promise<number>((resolve) => {
        contents.once('did-navigate', () => resolve(kill()));
      });
      return [kill(), await whileLoading];
    });
  }

  /** Process id of the page if it is loaded and the Inspector answers it; null while it isn't. */
  function livePage(): Promise<number | null> {
    return workbench.app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return null;
      const pid = contents.getOSProcessId();
      const answered = contents.executeJavaScript(
        "window.workbench.call('snapshot', null).then((answer) => answer.ok)",
      );
      // A page that dies with the question answers never.
      const ended = new Promise((resolve) => contents.once('render-process-gone', () => resolve(false)));
      return (await Promise.race([answered, ended])) === true ? pid : null;
    });
  }
});

/** Resolves when the second process has handed over what it was started for. */
async function secondStart(home: string, own: readonly string[]): Promise<void> {
  const { command, args, surroundings } = workbenchCommand(home, own);
  const second = spawn(command, args, { env: surroundings, stdio: 'ignore' });
  expect(await once(second, 'exit')).toEqual([0, null]);
}

/** The sockets that a process has open, each by the kernel's name for it. */
function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder)
    .map((descriptor) => targetOf(join(folder, descriptor)))
    .filter((target) => target.startsWith('socket:'));
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return ''; // Closed since it was listed.
  }
}
