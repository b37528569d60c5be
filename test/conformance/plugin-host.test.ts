import { describe, expect, it } from 'vitest';
import { CLAUSES } from '../../main/conformance/clauses/clauses.ts';
import { byVerdict, judgeStandIn } from '../support/stand-in/judged.ts';
import {
  BARE_PLUGIN_HOST,
  FLOATING,
  GATEWAY,
  IN_ITS_WORDS,
  PLUGIN_HOST,
} from '../support/stand-in/plugin-host.ts';

/** Runtimes of another make: what they do otherwise is told apart from what they do wrong. */

const IDS = CLAUSES.map(({ id }) => id);
const WITHOUT_HEADER = IDS.filter((id) => id.startsWith('header.'));
const NO_HEADER_PATH_TOKEN = [...WITHOUT_HEADER, 'execute.path', 'identity.user-jwt'];

/** Routes that a bare plugin host has not, and the words in which it says so. */
const NOT_SERVED = [
  'ready.body',
  'info.body',
  'root.body',
  'openapi.document',
  'plugins.alias',
  'plugins.access',
  'plugins.access-unknown',
  'error.shape',
];

describe.concurrent('Of a stand-in of', { timeout: 60_000 }, () => {
  it('the plugin host the path, the header and the token fail, its words differ, all else passes', async () => {
    const { passed, ...others } = byVerdict(await judgeStandIn(PLUGIN_HOST));
    expect(others).toEqual({ failed: NO_HEADER_PATH_TOKEN, differs: IN_ITS_WORDS, skipped: [] });
    expect(passed).toContain('execute.host-path');
  });

  it('a plugin host with three routes the others fail too', async () => {
    const { passed: _, ...others } = byVerdict(await judgeStandIn(BARE_PLUGIN_HOST));
    const wrong = new Set([...NO_HEADER_PATH_TOKEN, ...NOT_SERVED]);
    const failed = IDS.filter((id) => wrong.has(id));
    expect(others).toEqual({ failed, differs: IN_ITS_WORDS, skipped: [] });
  });

  it.each(['1.0', '1.0.3'])('a runtime that writes version %s only this differs', async (version) => {
    const report = await judgeStandIn({ version });
    const { passed: _, ...others } = byVerdict(report);
    expect(others).toEqual({ differs: ['header.value'], failed: [], skipped: [] });
    const reason = report.checks.find(({ id }) => id === 'header.value')?.reason;
    expect(reason).toContain(`The header is ${version}; some implementations`);
  });

  it('a runtime that answers timeouts with 504 only this differs', async () => {
    const report = await judgeStandIn(GATEWAY);
    const { passed: _, ...others } = byVerdict(report);
    expect(others).toEqual({ differs: ['timeout.status'], failed: [], skipped: [] });
    const reason = report.checks.find(({ id }) => id === 'timeout.status')?.reason;
    expect(reason).toContain('answer a timeout with 504');
  });

  it('a runtime that writes 1.0 seconds only this differs', async () => {
    const { passed: _, ...others } = byVerdict(await judgeStandIn({ ...FLOATING, timeoutSeconds: 1 }));
    expect(others).toEqual({ differs: ['timeout.detail'], failed: [], skipped: [] });
  });
});
