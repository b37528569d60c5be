import { expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/contract/errors.ts';
import { assertOrigin, corsHeaders, preflightHeaders } from '../../../main/server/middleware/origin-check.ts';

/** The rules without a server; on the wire they are in gate.test.ts. */

const PAGE = 'http://localhost:5173';
const OWN = 'http://127.0.0.1:8080';
/** As a set-up file with a mistake in it would have it: `null` is what a sandboxed page sends. */
const corsOrigins = [PAGE, 'null'];

/** What the check gives back, or why it refuses. */
function judge(rawHeaders: readonly string[], ownOrigin: string | null = null) {
  try {
    return assertOrigin(rawHeaders, { corsOrigins, ownOrigin });
  } catch (error) {
    if (error instanceof WorkbenchError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const notAllowed = (shown: string) =>
  `FORBIDDEN: Origin "${shown}" is not allowed; add it to ADDITIONAL_CORS_ORIGINS, as a browser sends it`;
const crossSite = 'FORBIDDEN: A page of another site may not use this runtime';
const notOwn = 'FORBIDDEN: Only the page that this runtime serves may use its Inspector';

it.each<[readonly string[], string | null, string | null]>([
  [[], null, null],
  [['Origin', PAGE], null, PAGE],
  [['Origin', 'null'], null, notAllowed('null')],
  [['Origin', 'x'.repeat(201)], null, notAllowed('x'.repeat(200))],
  [['Origin', PAGE, 'origin', PAGE], null, 'FORBIDDEN: The request has several Origin headers'],
  [['Sec-Fetch-Site', 'Cross-Site'], null, crossSite],
  [['Sec-Fetch-Site', 'none', 'sec-fetch-site', 'cross-site'], null, crossSite],
  [['Sec-Fetch-Site', 'same-site'], null, null],
  [['Origin', PAGE, 'Sec-Fetch-Site', 'cross-site'], null, PAGE],
  [['Origin', OWN], OWN, null],
  [['Origin', PAGE], OWN, notOwn],
  [['Origin', OWN], null, notAllowed(OWN)],
])('H3: %j where the own origin is %j', (rawHeaders, ownOrigin, expected) => {
  expect(judge(rawHeaders, ownOrigin)).toBe(expected);
});

it('H4: a page of a listed origin may send and read what the contract needs, no more', () => {
  expect(corsHeaders(PAGE)).toEqual({
    'Access-Control-Allow-Origin': PAGE,
    'Access-Control-Expose-Headers': 'X-Mozaiks-Runtime-Version, traceparent',
  });
  expect(preflightHeaders()).toEqual({
    'Access-Control-Allow-Methods': 'GET, POST, DELETE, OPTIONS',
    'Access-Control-Allow-Headers': 'authorization, content-type, traceparent',
    'Access-Control-Max-Age': '600',
  });
});
