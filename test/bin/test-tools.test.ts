import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createScratchProject } from './scratch-project.ts';

const canInstall =
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');

/** Runs the step alone, on a machine that has nothing but apt and what `tools` names. */
async function ensureTools(tools: readonly string[]) {
  const project = createScratchProject();
  for (const name of tools) project.tool(name, 'exit 0');
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
    const { install, outcome } = await ensureTools([]);
    expect(install).toMatch(/ chromium python3 xvfb$/);
    expect(outcome.stderr).toContain('The tests need chromium, python3, and xvfb');
  });

  it('is not asked for where it is there', async () => {
    expect((await ensureTools(['chromium', 'python3', 'Xvfb'])).install).toBeUndefined();
    expect((await ensureTools(['chromium', 'Xvfb'])).install).toMatch(/recommends python3$/);
  });
});
