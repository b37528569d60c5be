import { describe, expect, it } from 'vitest';
import { codeFrame, trimStack } from '../../../main/plugins/version/failure.ts';
import { parseManifest } from '../../../main/plugins/version/manifest.ts';

describe('trimStack', () => {
  it('keeps the message and the frames of the plugin, relative to its folder', () => {
    const stack = [
      'TypeError: line one',
      'line two',
      '    at deep (/home/ada/plugins/p/lib/deep.ts:4:2)',
      '    at async Promise.all (index 0)',
      '    at /home/ada/plugins/p/logic.ts:7:10',
      '    at file:///home/ada/plugins/p/logic.ts:9:1',
      '    at other (/home/ada/plugins/p-two/logic.ts:1:1)',
      '    at run (/opt/workbench/node-host.cjs:10:20)',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    ].join('\n');
    expect(trimStack(stack, '/home/ada/plugins/p')).toBe(
      'TypeError: line one\nline two\n    at deep (lib/deep.ts:4:2)\n    at logic.ts:7:10\n    at logic.ts:9:1',
    );
  });

  it("has nothing to show when no frame is the plugin's", () => {
    expect(trimStack('Error: x\n    at run (/opt/node-host.cjs:1:1)', '/home/ada/p')).toBeNull();
    expect(trimStack('just text', '/home/ada/p')).toBeNull();
  });
});

describe('codeFrame', () => {
  it('shows two lines around the place and a caret below it', () => {
    const source = Array.from({ length: 12 }, (_, n) => `\tline ${n + 1}`).join('\n');
    expect(codeFrame(source, 10, 3)).toBe(
      [
        '   8 | \tline 8',
        '   9 | \tline 9',
        '> 10 | \tline 10',
        '     | \t ^',
        '  11 | \tline 11',
        '  12 | \tline 12',
      ].join('\n'),
    );
    expect(codeFrame('only', 1, 1)).toBe('> 1 | only\n    | ^');
  });
});

describe('parseManifest', () => {
  it.each([
    ['[]', 'must contain a JSON object'],
    ['{"version": 2}', '"version" must be a string, not 2'],
    ['{"enabled": "no"}', '"enabled" must be a boolean, not "no"'],
    ['{', 'not valid JSON'],
  ])('shows what is wrong with %s and continues with defaults', (text, problem) => {
    expect(parseManifest(text, 'my_plugin')).toMatchObject({
      displayName: 'My Plugin',
      description: 'Plugin for my_plugin',
      version: '1.0.0',
      enabled: true,
      problem: expect.stringContaining(problem),
    });
  });

  it('ignores keys it does not know, a byte order mark and a polluted prototype', () => {
    const text = '\uFEFF{"display_name": "X", "author": "a", "__proto__": {"enabled": false}}';
    expect(parseManifest(text, 'x')).toMatchObject({ displayName: 'X', enabled: true, problem: null });
  });
});
