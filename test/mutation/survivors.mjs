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
const ONLY_SLOWER = 'Equal: only slower.';
const PAST_THE_END = 'Equal: past the end there is no character that would matter.';
const VALID_JSON = 'Equal: the text is valid JSON, so this does not come up.';
const HOSTS_ARE_LOWER_CASE = 'Equal: this name has capitals, and a host is compared in lower case.';
const FIRST_IS_NOT_READ = 'Equal: the first element is not read.';
const FOR_THE_COMPILER = 'Equal: only the compiler can’t tell that it is always so.';
const CLAIMS_TWICE = 'Caught twice: claims.ts checks the same claims, and as strictly.';
const WRITTEN_ALIKE = 'Equal: only slower, as JSON and a URL write a plain secret as it is.';
const MEASURED_AGAIN = 'Caught twice: only slower, as what is kept is measured again.';
const BOTH_SIDES = 'Equal: it changes both of the forms that are compared in the same way.';

/** @type {Readonly<Record<string, readonly Survivor[]>>} by file */
export const SURVIVORS = {
  'main/auth/token-shape.ts': [
    {
      code: '/^\\s*[^\\s]*\\s+/',
      becomes: '/\\s*[^\\s]*\\s+/',
      why: 'Equal: the first match begins with the text.',
    },
    { code: '/^\\s*[^\\s]*\\s+/', becomes: '/^\\s*[^\\s]*\\s/', why: 'Equal: the rest is trimmed.' },
    { code: '[]', becomes: '["Stryker was here"]', why: FIRST_IS_NOT_READ },
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
  'main/contract/json-members.ts': [
    { code: 'at < text.length', becomes: 'at <= text.length', why: PAST_THE_END },
    { code: 'at < text.length', becomes: 'at <= text.length', why: PAST_THE_END },
    { code: 'at < text.length', becomes: 'at <= text.length', why: PAST_THE_END },
    { code: "'\\\\'", becomes: '""', why: ONLY_SLOWER },
    { code: 'EXACT.test(literal)', becomes: 'false', why: ONLY_SLOWER },
    { code: '/^-?[\\d.]{1,15}$/', becomes: '/^-[\\d.]{1,15}$/', why: ONLY_SLOWER },
    { code: '/^-?[\\d.]{1,15}$/', becomes: '/^-?[\\d.]$/', why: ONLY_SLOWER },
    { code: '/^-?[\\d.]{1,15}$/', becomes: '/^-?[^\\d.]{1,15}$/', why: ONLY_SLOWER },
    { code: '/^-?[\\d.]{1,15}$/', becomes: '/^-?[\\D.]{1,15}$/', why: ONLY_SLOWER },
    {
      code: 'depth === 1',
      becomes: 'true',
      why: 'Equal: deeper down there is always a key already, that of the member.',
    },
    {
      code: 'code === CLOSE_OBJECT',
      becomes: 'true',
      why: 'Equal: before the object and behind it there is no member to take.',
    },
    { code: 'end < text.length', becomes: 'true', why: VALID_JSON },
    { code: 'end < text.length', becomes: 'end <= text.length', why: VALID_JSON },
    { code: 'NUMBER.exec(text)?.[0]', becomes: 'NUMBER.exec(text)[0]', why: VALID_JSON },
    { code: "'-'", becomes: '""', why: VALID_JSON },
    { code: "''", becomes: STRING, why: COMPILER },
    { code: "''", becomes: STRING, why: COMPILER },
    { code: "'0'", becomes: '""', why: 'Equal: both are zero as numbers.' },
    {
      code: '/^(-?)(\\d+)(?:\\.(\\d+))?(?:[eE]([+-]?\\d+))?$/',
      becomes: '/(-?)(\\d+)(?:\\.(\\d+))?(?:[eE]([+-]?\\d+))?$/',
      why: VALID_JSON,
    },
    {
      code: '/^(-?)(\\d+)(?:\\.(\\d+))?(?:[eE]([+-]?\\d+))?$/',
      becomes: '/^(-?)(\\d+)(?:\\.(\\d+))?(?:[eE]([+-]?\\d+))?/',
      why: VALID_JSON,
    },
    { code: '[]', becomes: '["Stryker was here"]', why: FIRST_IS_NOT_READ },
    { code: "'0'", becomes: '""', why: BOTH_SIDES },
    {
      code: 'digits.length - significant.length',
      becomes: 'digits.length + significant.length',
      why: BOTH_SIDES,
    },
    { code: 'end > 0', becomes: 'true', why: 'Equal: before the beginning there is no zero.' },
    { code: 'end > 0', becomes: 'end >= 0', why: 'Equal: before the beginning there is no zero.' },
  ],
  'main/server/middleware/host-check.ts': [
    {
      code: 'known?.served.host === host && known.served.port === port && known.served.allowedHosts === allowedHosts',
      becomes: 'false',
      why: ONLY_SLOWER,
    },
    { code: 'known === null || !isKnown', becomes: 'true', why: ONLY_SLOWER },
    { code: 'known === null', becomes: 'false', why: 'Equal: none is not the known one either.' },
    { code: 'known === null', becomes: 'known !== null', why: ONLY_SLOWER },
    { code: '[]', becomes: '["Stryker was here"]', why: HOSTS_ARE_LOWER_CASE },
    { code: '[]', becomes: '["Stryker was here"]', why: HOSTS_ARE_LOWER_CASE },
  ],
  'main/server/middleware/gate.ts': [{ code: "''", becomes: STRING, why: COMPILER }],
  'main/server/connection/raw-headers.ts': [
    { code: "''", becomes: STRING, why: COMPILER },
    { code: "''", becomes: STRING, why: COMPILER },
    { code: 'given.length === wanted.length', becomes: 'true', why: ONLY_SLOWER },
  ],
  'main/auth/identity.ts': [
    { code: '[]', becomes: '["Stryker was here"]', why: FIRST_IS_NOT_READ },
    {
      code: 'local === undefined',
      becomes: 'false',
      why: 'Caught twice: what is no text is no name either.',
    },
    { code: '/[\\s,]+/', becomes: '/[\\s,]/', why: 'Equal: empty parts are dropped.' },
    {
      code: '[]',
      becomes: '["Stryker was here"]',
      why: 'Equal: what is no client’s object has no roles.',
    },
  ],
  'main/auth/inject.ts': [{ code: '[]', becomes: '["Stryker was here"]', why: COMPILER }],
  'main/auth/authenticator.ts': [
    { code: "'{}'", becomes: '""', why: 'Equal: the text is made for a plugin, and a report calls none.' },
  ],
  'main/hosts/node/child/result.ts': [
    {
      code: '[]',
      becomes: '["Stryker was here"]',
      why: 'Equal: what is not the holder at hand is taken off first.',
    },
    {
      code: 'holders.length === 0',
      becomes: 'false',
      why: 'Equal: the outermost holder is JSON.stringify’s own and part of no cycle.',
    },
    {
      code: "typeof value === 'object' && value !== null",
      becomes: 'true',
      why: 'Equal: what holds nothing is taken off before the next value.',
    },
    {
      code: "typeof value === 'object' && value !== null",
      becomes: "typeof value === 'object' || value !== null",
      why: 'Equal: what holds nothing is taken off before the next value.',
    },
    {
      code: "typeof value === 'object'",
      becomes: 'true',
      why: 'Equal: what holds nothing is taken off before the next value.',
    },
    {
      code: 'value !== null',
      becomes: 'true',
      why: 'Equal: what holds nothing is taken off before the next value.',
    },
    {
      code: 'default: return null;',
      becomes: 'default:',
      why: 'Equal: undefined is no problem either, as the callers ask.',
    },
  ],
  'main/traces/record/redact.ts': [
    { code: 'raw.includes(JWT_START)', becomes: 'true', why: ONLY_SLOWER },
    {
      code: "raw.includes(':') && (raw.includes('\"') || raw.includes(\"'\"))",
      becomes: 'true',
      why: ONLY_SLOWER,
    },
    {
      code: "raw.includes(':') && (raw.includes('\"') || raw.includes(\"'\"))",
      becomes: "raw.includes(':') || raw.includes('\"') || raw.includes(\"'\")",
      why: ONLY_SLOWER,
    },
    { code: "':'", becomes: '""', why: ONLY_SLOWER },
    { code: 'raw.includes(\'"\') || raw.includes("\'")', becomes: 'true', why: ONLY_SLOWER },
    { code: "'\"'", becomes: '""', why: ONLY_SLOWER },
    { code: '"\'"', becomes: '""', why: ONLY_SLOWER },
    { code: "'='", becomes: '""', why: ONLY_SLOWER },
    { code: 'more.length === 0', becomes: 'false', why: ONLY_SLOWER },
    { code: 'length < value.length', becomes: 'length <= value.length', why: PAST_THE_END },
    { code: "key !== '__proto__'", becomes: 'false', why: ONLY_SLOWER },
    { code: 'key.length > MAX_KEY_LENGTH', becomes: 'true', why: ONLY_SLOWER },
    { code: 'key.length > MAX_KEY_LENGTH', becomes: 'key.length >= MAX_KEY_LENGTH', why: ONLY_SLOWER },
    { code: 'known !== undefined', becomes: 'false', why: ONLY_SLOWER },
    { code: 'classifiedKeys.size >= MAX_CLASSIFIED_KEYS', becomes: 'true', why: ONLY_SLOWER },
    {
      code: 'classifiedKeys.size >= MAX_CLASSIFIED_KEYS',
      becomes: 'classifiedKeys.size > MAX_CLASSIFIED_KEYS',
      why: 'Equal: one key more is remembered.',
    },
    {
      code: 'classifiedKeys.size >= MAX_CLASSIFIED_KEYS',
      becomes: 'classifiedKeys.size < MAX_CLASSIFIED_KEYS',
      why: ONLY_SLOWER,
    },
    { code: 'key .slice(-MAX_KEY_LENGTH)', becomes: 'key', why: 'Equal: only slower, with a long key.' },
    { code: '!PLAIN.test(secret)', becomes: 'true', why: WRITTEN_ALIKE },
    { code: '/^[\\w.-]*$/', becomes: '/^[\\w.-]$/', why: WRITTEN_ALIKE },
  ],
  'main/traces/record/body.ts': [
    { code: 'bytes * 2 <= MAX_STORED_BYTES', becomes: 'false', why: ONLY_SLOWER },
    { code: 'bytes * 2 <= MAX_STORED_BYTES', becomes: 'bytes * 2 < MAX_STORED_BYTES', why: ONLY_SLOWER },
    {
      code: '{ return text.startsWith(NUMBER_MARK) ? text.length - NUMBER_MARK.length : text.length; }',
      becomes: '{}',
      why: 'Equal: only slower, as what it would leave out is cut then.',
    },
    {
      code: 'sum + key.length + AROUND_A_KEY + 1',
      becomes: 'sum + key.length + AROUND_A_KEY - 1',
      why: MEASURED_AGAIN,
    },
    {
      code: 'sum + key.length + AROUND_A_KEY',
      becomes: 'sum + key.length - AROUND_A_KEY',
      why: MEASURED_AGAIN,
    },
    { code: 'sum + key.length', becomes: 'sum - key.length', why: MEASURED_AGAIN },
    { code: 'least <= MAX_STORED_BYTES', becomes: 'true', why: MEASURED_AGAIN },
    { code: 'least <= MAX_STORED_BYTES', becomes: 'least < MAX_STORED_BYTES', why: MEASURED_AGAIN },
  ],
  'main/traces/record/build.ts': [
    { code: "''", becomes: STRING, why: COMPILER },
    { code: "''", becomes: STRING, why: COMPILER },
    { code: "''", becomes: STRING, why: COMPILER },
    {
      code: '[]',
      becomes: '["Stryker was here"]',
      why: 'Equal: it masks these words, which no call has, and leaves room for as many headers.',
    },
    { code: 'index < rawHeaders.length', becomes: 'index <= rawHeaders.length', why: PAST_THE_END },
    {
      code: 'credentials.length < MAX_CREDENTIALS',
      becomes: 'credentials.length <= MAX_CREDENTIALS',
      why: 'Equal: one header more is read.',
    },
    {
      code: 'rawHeaders[index]?.toLowerCase',
      becomes: 'rawHeaders[index].toLowerCase',
      why: FOR_THE_COMPILER,
    },
    {
      code: '/^\\S+\\s+/',
      becomes: '/\\S+\\s+/',
      why: 'Equal: the text has no white space at its beginning.',
    },
    {
      code: "redactor.text(rawHeaders[index] ?? '').toLowerCase()",
      becomes: "redactor.text(rawHeaders[index] ?? '').toUpperCase()",
      why: 'Equal: the redactor gives the names in lower case.',
    },
  ],
  'main/traces/record/mask-again.ts': [
    { code: 'body.json === undefined', becomes: 'false', why: FOR_THE_COMPILER },
  ],
  'main/traces/record/trace-context.ts': [
    { code: "''", becomes: STRING, why: 'Equal: neither is a traceparent.' },
    {
      code: '/[1-9a-f]/',
      becomes: '/[^1-9a-f]/',
      why: 'Equal: an id is random, and all zero once in 2⁶⁴ times.',
    },
    { code: 'used + bytes > pool.length', becomes: 'true', why: ONLY_SLOWER },
    { code: 'used + bytes > pool.length', becomes: 'used + bytes >= pool.length', why: ONLY_SLOWER },
  ],
  'main/auth/verify.ts': [
    { code: "'Not decodable.'", becomes: '""', why: COMPILER },
    { code: "'unknown'", becomes: '""', why: 'Equal: the library throws errors alone.' },
    { code: "typeof alg !== 'string'", becomes: 'false', why: FOR_THE_COMPILER },
    { code: "['exp']", becomes: '[]', why: CLAIMS_TWICE },
    { code: "auth.mode === 'external'", becomes: 'true', why: 'Equal: local mode has neither.' },
    { code: "auth.mode === 'external'", becomes: 'false', why: CLAIMS_TWICE },
    { code: "auth.mode === 'external'", becomes: "auth.mode !== 'external'", why: CLAIMS_TWICE },
    { code: "'external'", becomes: '""', why: CLAIMS_TWICE },
    {
      code: '{ options.issuer = auth.issuer; options.audience = auth.audience; }',
      becomes: '{}',
      why: CLAIMS_TWICE,
    },
    { code: "'claims'", becomes: '""', why: 'Equal: it is only compared with the other word.' },
  ],
  'main/auth/steps.ts': [
    {
      code: "'an earlier check'",
      becomes: '""',
      why: 'Equal: where a check is left out, one has failed.',
    },
  ],
};
