import { deepStrictEqual } from 'node:assert';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { CLAUSES } from '../../main/conformance/clauses/clauses.ts';
import { REPORT_WRITERS } from '../../main/conformance/reports/formats.ts';
import { parseReportJson, toJson } from '../../main/conformance/reports/report-document.ts';
import { checkConformance } from '../../main/conformance/run/run.ts';
import { connectTarget } from '../../main/conformance/target/remote-target.ts';
import { signTokensWithSecret } from '../../main/conformance/target/tokens.ts';
import { createRedactor } from '../../main/traces/record/redact.ts';
import { VALID_ANSWERS } from './valid-answers.ts';

/**
 * Checks a runtime that answers each request with the same bytes, over real sockets; but every other one first says
 * well what it offers, since nothing more is asked of one that offers nothing.
 */

let answer: Buffer = Buffer.alloc(0);
const server = createServer((socket) => {
  // The checks close some before they are answered.
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(answer));
  socket.resume();
});
const tokens = signTokensWithSecret('a-secret-for-tests-that-is-long-enough-0123456789');

/** Those about timeouts wait, whatever is answered. */
const QUICK = CLAUSES.filter(({ group }) => group !== 'timeouts').map(({ id }) => id);
/** Each text meets so many of them, chosen by its length. */
const CLAUSES_A_TEXT = 8;

/** @throws {WorkbenchError} as `connectTarget` does; an AssertionError for what a check did not foresee */
export async function checkAnswers(bytes: Buffer): Promise<void> {
  if (!server.listening) await once(server.listen(0, '127.0.0.1').unref(), 'listening');
  const [good] = VALID_ANSWERS;
  answer = bytes.length % 2 === 0 ? Buffer.from(good) : bytes;
  const { port } = server.address() as AddressInfo;
  const options = { url: `http://127.0.0.1:${port}`, tokens: await tokens };
  const target = await connectTarget(options, new AbortController().signal);
  answer = bytes;
  const first = (bytes.length * CLAUSES_A_TEXT) % QUICK.length;
  const clauses = [...QUICK, ...QUICK].slice(first, first + CLAUSES_A_TEXT);
  const report = await checkConformance({ target, redactor: createRedactor([]), clauses });
  const unforeseen = report.checks.filter(({ reason }) =>
    // What is nested too deeply to be written again is one that is.
    /^The answers could not be evaluated: (?!RangeError)/.test(reason),
  );
  deepStrictEqual(unforeseen, [], 'answers that a check did not foresee');
  const written = toJson(report);
  deepStrictEqual(toJson(parseReportJson(written)), written, 'written and read again');
  for (const { write } of Object.values(REPORT_WRITERS)) write(report);
}
