import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createScratchProject } from './scratch-project.ts';

const canInstall =
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');

const LIBRARIES = [
  'python3-fastapi',
  'python3-uvicorn',
  'python3-motor',
  'python3-bson',
  'python3-debugpy',
  'python3-requests',
  'python3-httpx',
  'python3-aiohttp',
];

/** Runs the step alone, on a machine that has nothing but apt and what `tools` and `packages` name. */
async function ensureTools(tools: readonly string[], packages: readonly string[] = LIBRARIES) {
  const project = createScratchProject();
  for (const name of tools) project.tool(name, 'exit 0');
  project.tool('dpkg-query', packages.map((name) => `echo '${name} installed'`).join('\n'));
  project.write(
    'try.mjs',
    "import { tryTestTools } from './test/runner/tools.mjs';\nawait tryTestTools();\n",
  );
  const [ownTools = ''] = project.environment().PATH?.split(':') ?? [];
  const outcome = await project.run('./try.mjs', [], { PATH: ownTools, DISPLAY: '' });
  return { outcome, install: project.calls().find((call) => call.includes(' install ')) };
}

describe.runIf(canInstall)('what the tests need', () => {
  it('is installed in one go on a bare machine', async () => {
    const { install, outcome } = await ensureTools([], []);
    expect(install).toMatch(new RegExp(` chromium python3 xvfb ${LIBRARIES.join(' ')}$`));
    expect(outcome.stderr).toContain('The tests need chromium, python3, xvfb, python3-fastapi,');
  });

  it('is not asked for where it is there', async () => {
    expect((await ensureTools(['chromium', 'python3', 'Xvfb'])).install).toBeUndefined();
    expect((await ensureTools(['chromium', 'Xvfb'])).install).toMatch(/recommends python3$/);
    const { install } = await ensureTools(['chromium', 'python3', 'Xvfb'], LIBRARIES.slice(1));
    expect(install).toMatch(/recommends python3-fastapi$/);
  });
});
