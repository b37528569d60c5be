import { expect, it } from 'vitest';
import { bench } from '../workspace.ts';

interface LoadError {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** What the API says after "failed to load: ". */
  readonly reported: string;
  readonly at: { readonly file: string | null; readonly line: number | null; readonly column: number | null };
  /** A line of the code frame and the one below it. */
  readonly frame?: string;
  readonly stack?: string | null;
  /** The lines of the message after the first. */
  readonly more?: string;
}

const ERRORS: readonly LoadError[] = [
  {
    title: 'a throw at the top level of TypeScript, in a helper',
    files: {
      'logic.ts':
        "import { lib } from './lib/deep.ts';\n\ninterface Input {\n  a: number;\n}\nconst x: Input = { a: 1 };\nlib(x.a);\nexport const execute = () => ({});\n",
      'lib/deep.ts':
        "type T = number;\n\nexport function lib(n: T): void {\n  if (n > 0) throw new TypeError('config is missing');\n}\n",
    },
    reported: 'config is missing (lib/deep.ts:4:20)',
    at: { file: 'lib/deep.ts', line: 4, column: 20 },
    frame: "> 4 |   if (n > 0) throw new TypeError('config is missing');\n    |                    ^",
    stack: 'TypeError: config is missing\n    at lib (lib/deep.ts:4:20)\n    at <anonymous> (logic.ts:7:1)',
  },
  {
    title: 'a rejected await at the top level',
    files: {
      'logic.js':
        "const load = async () => {\n  throw new Error('no connection\\nsecond line');\n};\nawait load();\nexport const execute = () => ({});\n",
    },
    reported: 'no connection (logic.js:2:9)',
    at: { file: 'logic.js', line: 2, column: 9 },
    frame: "> 2 |   throw new Error('no connection\\nsecond line');\n    |         ^",
    more: 'second line',
  },
  {
    title: 'a throw in CommonJS',
    files: {
      'logic.cjs': "function f() {\n\tthrow new RangeError('in cjs');\n}\nf();\nmodule.exports = {};\n",
    },
    reported: 'in cjs (logic.cjs:2:8)',
    at: { file: 'logic.cjs', line: 2, column: 8 },
    frame: "> 2 | \tthrow new RangeError('in cjs');\n    | \t      ^",
  },
  {
    title: 'an error that the engine itself throws',
    files: { 'logic.js': "import { readFileSync } from 'node:fs';\nreadFileSync('/nope');\n" },
    reported: "ENOENT: no such file or directory, open '/nope' (logic.js:2:1)",
    at: { file: 'logic.js', line: 2, column: 1 },
  },
  {
    title: 'a thrown string, which has no place',
    files: { 'logic.js': "throw 'just text';\n" },
    reported: 'just text',
    at: { file: null, line: null, column: null },
    stack: null,
  },
  {
    title: 'a missing file',
    files: {
      'logic.ts': "import { a } from './a.ts';\nexport const execute = () => ({ a });\n",
      'a.ts': "export const b = 1;\nimport { v } from './lib/missing.ts';\nexport const a = v;\n",
    },
    reported: 'Could not resolve "./lib/missing.ts" (a.ts:2:19)',
    at: { file: 'a.ts', line: 2, column: 19 },
    frame: "> 2 | import { v } from './lib/missing.ts';\n    |                   ^",
  },
  {
    title: 'a missing package, and another',
    files: {
      'logic.ts':
        "import x from '@scope/nothing/deep';\nimport y from 'nothing-too';\nexport const execute = () => ({ x, y });\n",
    },
    reported:
      'Could not resolve "@scope/nothing/deep": run "npm install @scope/nothing" in the plugin\'s folder (logic.ts:1:15)',
    at: { file: 'logic.ts', line: 1, column: 15 },
    more: 'logic.ts:2:15 Could not resolve "nothing-too": run "npm install nothing-too" in the plugin\'s folder',
  },
  {
    title: 'a missing export',
    files: {
      'logic.ts': "import { nope } from './a.ts';\nexport const execute = () => ({ nope });\n",
      'a.ts': 'export const a = 1;\n',
    },
    reported: 'No matching export in "a.ts" for import "nope" (logic.ts:1:10)',
    at: { file: 'logic.ts', line: 1, column: 10 },
  },
  {
    title: 'a syntax error in JSON',
    files: {
      'logic.js': "import d from './d.json';\nexport const execute = () => d;\n",
      'd.json': '{ "a": }\n',
    },
    reported: 'Unexpected "}" in JSON (d.json:1:8)',
    at: { file: 'd.json', line: 1, column: 8 },
    frame: '> 1 | { "a": }\n    |        ^',
  },
];

it.each(ERRORS)('shows $title: what, where, the code and the stack', async (error) => {
  const files = Object.entries(error.files).map(([file, text]) => [`p/${file}`, text]);
  const { engine, call } = await bench(Object.fromEntries(files));
  expect((await call('p')).result).toEqual({ kind: 'load-failed', message: error.reported });
  const failure = engine.get('p')?.failure;
  expect(failure).toMatchObject(error.at);
  expect(failure?.message.split('\n').slice(1).join('\n')).toBe(error.more ?? '');
  if (error.frame !== undefined) expect(failure?.codeFrame).toContain(error.frame);
  if (error.stack !== undefined) expect(failure?.stack).toBe(error.stack);
});
