import { describe, expect, it, vi } from 'vitest';
import { bench } from '../workspace.ts';

const source = (answer: string) => `export const execute = () => ({ answer: '${answer}' });\n`;

describe('the history of a plugin’s reloads', () => {
  it('lists what happened to it, newest first: when, why, how fast, or what was wrong', async () => {
    const { engine, write } = await bench({ 'a/logic.js': source('one'), 'b/logic.js': source('other') });
    await write('a/logic.js', source('two'));
    await vi.waitFor(() => expect(engine.history('a')).toHaveLength(2), { timeout: 10_000 });
    await write('a/logic.js', 'export const execute = (;\n');
    await vi.waitFor(() => expect(engine.history('a')).toHaveLength(3), { timeout: 10_000 });
    await write('a/logic.js', source('three'));
    await vi.waitFor(() => expect(engine.history('a')).toHaveLength(4), { timeout: 10_000 });
    await engine.restart('a');
    const history = engine.history('a');
    expect(history.map(({ cause, ok }) => [cause, ok])).toEqual([
      ['restart', true],
      ['change', true],
      ['change', false],
      ['change', true],
      ['start', true],
    ]);
    const [restarted, recovered, failed, changed, started] = history;
    expect(failed).toMatchObject({
      latencyMs: null,
      error: expect.stringMatching(/\S/),
      version: changed?.version,
    });
    expect(failed?.error).not.toContain('\n');
    expect(changed?.latencyMs).toBeGreaterThan(0);
    expect(started).toMatchObject({ latencyMs: null, error: null });
    expect(new Set([started?.version, changed?.version, recovered?.version]).size).toBe(3);
    expect(restarted?.version).toBe(recovered?.version);
    expect([...history].sort((one, other) => other.at - one.at)).toEqual(history);
    expect(engine.get('a')?.lastReload).toEqual(restarted);
    expect(engine.history('b').map(({ cause }) => cause)).toEqual(['start']);
  });

  it('records a slow restart as done, although the files are checked again in the meantime', async () => {
    const slow = 'await new Promise((resolve) => setTimeout(resolve, 1_500));\n';
    const { engine, write } = await bench({ 'a/logic.js': source('one') });
    await write('a/logic.js', slow + source('two'));
    await vi.waitFor(() => expect(engine.history('a')).toHaveLength(2), { timeout: 10_000 });
    await engine.restart('a');
    expect(engine.history('a').map(({ cause, ok }) => [cause, ok])).toEqual([
      ['restart', true],
      ['change', true],
      ['start', true],
    ]);
  });

  it('is refused for a name that no plugin has', async () => {
    const { engine } = await bench({});
    expect(() => engine.history('none')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
