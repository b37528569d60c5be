/**
 * The mutants that no test can tell from the code, or that another check catches as well, each with the
 * reason. A run ends with 1 when one survives that is not listed here.
 *
 * @typedef {object} Survivor
 * @property {string} code the mutated text, runs of white space as one blank
 * @property {string} becomes what it was replaced with
 * @property {string} why
 */

const STRING = '"Stryker was here!"';
const COMPILER = 'Equal: the default is for the compiler, the value is always there.';
const SPELLED_AGAIN = 'Caught twice: what is decoded and encoded again has the alphabet’s letters alone.';

/** @type {Readonly<Record<string, readonly Survivor[]>>} by file */
export const SURVIVORS = {
  'main/auth/token-shape.ts': [
    {
      code: '/^\\s*[^\\s]*\\s+/',
      becomes: '/\\s*[^\\s]*\\s+/',
      why: 'Equal: the first match begins with the text.',
    },
    { code: '/^\\s*[^\\s]*\\s+/', becomes: '/^\\s*[^\\s]*\\s/', why: 'Equal: the rest is trimmed.' },
    { code: '[]', becomes: '["Stryker was here"]', why: 'Equal: the first element is not read.' },
    { code: "''", becomes: STRING, why: COMPILER },
    { code: "''", becomes: STRING, why: COMPILER },
    { code: "''", becomes: STRING, why: COMPILER },
    {
      code: 'error instanceof TypeError',
      becomes: 'true',
      why: 'Equal: nothing else is thrown there; the line is for what nobody thought of.',
    },
    { code: '/^[\\w-]+$/', becomes: '/[\\w-]+$/', why: SPELLED_AGAIN },
    { code: '/^[\\w-]+$/', becomes: '/^[\\w-]+/', why: SPELLED_AGAIN },
  ],
};
