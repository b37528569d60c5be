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
    expect(trimStack(stack, { kind: 'node', folder: '/home/ada/plugins/p' })).toBe(
      'TypeError: line one\nline two\n    at deep (lib/deep.ts:4:2)\n    at logic.ts:7:10\n    at logic.ts:9:1',
    );
  });

  it("has nothing to show when no frame is the plugin's", () => {
    const version = { kind: 'node', folder: '/home/ada/p' } as const;
    expect(trimStack('Error: x\n    at run (/opt/node-host.cjs:1:1)', version)).toBeNull();
    expect(trimStack('just text', version)).toBeNull();
  });

  it('takes a path with brackets, and the place that follows the last path', () => {
    const version = { kind: 'node', folder: '/home/a (b' } as const;
    const stack = 'Error: x\n    at f (/home/a (b/x (1).js:3:4)\n    at new Odd (/tmp/(/home/a (b/y.js:5:6)';
    expect(trimStack(stack, version)).toBe('Error: x\n    at f (x (1).js:3:4)');
  });

  it.each(['file://host/x.js', 'file:///%zz', 'file://', 'file:///a%2fb'])(
    'P11: passes over a frame of %s',
    (place) => {
      const version = { kind: 'node', folder: '/home/ada/p' } as const;
      const stack = `Error: x\n    at ${place}:1:1\n    at f (${place}:1:1)\n    at g (/home/ada/p/logic.js:2:3)`;
      expect(trimStack(stack, version)).toBe('Error: x\n    at g (logic.js:2:3)');
    },
  );

  it('takes a traceback as it comes, and for a traceback only what Python sent', () => {
    const text = 'Traceback (most recent call last):\n  File "logic.py", line 3';
    expect(trimStack(text, { kind: 'python', folder: '/p' })).toBe(text);
    expect(trimStack(text, { kind: 'node', folder: '/p' })).toBeNull();
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
