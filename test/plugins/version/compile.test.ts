import { describe, expect, it } from 'vitest';
import { bench, eventually } from '../workspace.ts';

describe('what a plugin may be made of', () => {
  it("bundles packages of the plugin's own node_modules, CommonJS ones too", async () => {
    const { value } = await bench({
      'p/logic.ts':
        "import add from 'add'; import * as fs from 'fs'; const mul = require('mul'); export const execute = () => ({ sum: add(1, 2), product: mul(2, 3), here: fs.existsSync(__filename), meta: import.meta.url });",
      'p/node_modules/add/package.json': '{"name":"add","main":"index.js"}',
      'p/node_modules/add/index.js':
        "const { isArray } = require('util'); module.exports = (a, b) => a + b + (typeof isArray === 'string' ? 1 : 0);",
      'p/node_modules/mul/package.json': '{"name":"mul","main":"index.js"}',
      'p/node_modules/mul/index.js': 'module.exports = (a, b) => a * b;',
    });
    expect(await value('p')).toMatchObject({
      sum: 3,
      product: 6,
      here: true,
      meta: expect.stringMatching(/^file:.*\/p\/logic\.ts$/),
    });
  });

  it('lets packages read the files beside their own code', async () => {
    const { value } = await bench({
      'p/logic.ts':
        "import old from 'old'; import { word } from 'modern'; export const execute = () => ({ old, word, own: __dirname });",
      'p/node_modules/old/package.json': '{"name":"old","main":"lib/index.js"}',
      'p/node_modules/old/lib/index.js':
        "'use strict'; module.exports = require('fs').readFileSync(require('path').join(__dirname, 'word.txt'), 'utf8');",
      'p/node_modules/old/lib/word.txt': 'old word',
      'p/node_modules/modern/package.json': '{"name":"modern","type":"module","exports":"./index.js"}',
      'p/node_modules/modern/index.js':
        "import { readFileSync } from 'node:fs'; export const word = readFileSync(new URL('./word.txt', import.meta.url), 'utf8');",
      'p/node_modules/modern/word.txt': 'modern word',
    });
    expect(await value('p')).toEqual({
      old: 'old word',
      word: 'modern word',
      own: expect.stringMatching(/\/p$/),
    });
  });

  it('lets a module declare what CommonJS would provide', async () => {
    const { value } = await bench({
      'p/logic.mjs':
        "import { createRequire } from 'node:module'; import { dirname } from 'node:path'; import { fileURLToPath } from 'node:url'; const require = createRequire(import.meta.url); const __filename = fileURLToPath(import.meta.url); const __dirname = dirname(__filename); export const execute = () => ({ sep: require('node:path').sep, dir: __dirname });",
    });
    expect(await value('p')).toEqual({ sep: '/', dir: expect.stringMatching(/\/p$/) });
  });
});

describe('what a plugin imports and no file exports', () => {
  it.each([
    ['an empty file', 'ts', ''],
    ['half a file', 'js', '// the version\n'],
  ])('is not taken for undefined: from %s, saved over one that serves', async (_, kind, helper) => {
    const logic = `import { v } from './helper.${kind}';\nexport const execute = () => ({ v });`;
    const { engine, value, write } = await bench({
      'p/logic.ts': logic,
      [`p/helper.${kind}`]: 'export const v = 1;',
    });
    expect(await value('p')).toEqual({ v: 1 });
    await write(`p/helper.${kind}`, helper);
    await eventually(() => engine.get('p')?.failure).toMatchObject({
      message: `Import "v" will always be undefined because the file "helper.${kind}" has no exports`,
      file: 'logic.ts',
      line: 1,
    });
    expect(await value('p')).toEqual({ v: 1 });
  });

  it('may be a type, a member of a whole module, or a package’s business', async () => {
    const { value } = await bench({
      'p/logic.ts':
        "import { Shape } from './types.ts'; import * as all from './types.ts'; import old from 'old'; export const execute = (shape: Shape) => ({ none: all.none === undefined, old });",
      'p/types.ts': 'export interface Shape { a: 1 }',
      'p/node_modules/old/package.json': '{"name":"old","type":"module","exports":"./index.js"}',
      'p/node_modules/old/index.js': "import { none } from './empty.js'; export default typeof none;",
      'p/node_modules/old/empty.js': '',
    });
    expect(await value('p')).toEqual({ none: true, old: 'undefined' });
  });
});
