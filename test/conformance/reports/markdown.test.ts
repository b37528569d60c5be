import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { CLAUSES } from '../../../main/conformance/clauses/clauses.ts';
import { toMarkdown } from '../../../main/conformance/reports/markdown.ts';
import type { ConformanceReport } from '../../../main/contract/conformance.ts';
import {
  HOSTILE_TEXTS,
  hostileCheck,
  madeCheck,
  madeFullReport,
  madeReport,
} from '../../support/made-report.ts';

/** As GitHub reads it; HTML in it is let through, so that a tag that was no text would be seen. */
function rendered(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

function tagsOf(html: string): readonly string[] {
  return [
    ...new Set([...html.matchAll(/<([a-z!][a-z0-9-]*)/gi)].map(([, tag = '']) => tag.toLowerCase())),
  ].sort();
}

const OWN_TAGS = 'code em h1 h2 h3 hr li p pre strong table tbody td th thead tr ul br'.split(' ');

const MIXED = madeReport([
  madeCheck('header.health'),
  madeCheck('header.value', { verdict: 'differs', reason: 'It is 1.0' }),
  madeCheck('health.plugins-loaded', { verdict: 'failed', reason: 'plugins_loaded is missing' }),
  madeCheck('identity.user-jwt', { verdict: 'skipped' }),
  madeCheck('identity.anonymous'),
]);

describe('the Markdown report', () => {
  const lines = toMarkdown(MIXED).split('\n');

  it('has the head of the compliance report', () => {
    expect(lines.slice(0, 9)).toEqual([
      '# Runtime ↔ Platform Contract v1.0.0 — Implementation Compliance Report',
      '',
      '**Date**: 2026-01-23 12:00:00 UTC, in 1.23 s  ',
      '**Target**: `http://127.0.0.1:8080` (the runtime that created this report, local mode)  ',
      '**Contract Version**: 1.0.0, edition 1 of its clauses  ',
      '**Status**: ❌ **DOES NOT FOLLOW THE CONTRACT**: 2 of 5 passed · 1 failed · 1 differs · 1 skipped',
      '',
      '- 1 clause failed: health.plugins-loaded',
      '',
    ]);
    expect(toMarkdown(madeFullReport())).toContain('**Status**: ✅ **IMPLEMENTED**: 88 of 88 passed\n');
  });

  it('sums the six requirements up, each by the clauses behind it', () => {
    const start = lines.indexOf('| Requirement | Status | Evidence |');
    expect(lines.slice(start + 2, start + 9)).toEqual([
      '| `X-Mozaiks-Runtime-Version: 1.0.0` header on every response | ⚠️ Partial | 1 of 2 passed · 1 differs · 13 not part of this run; Names the version: It is 1.0 |',
      '| `plugins_loaded` in `/health` | ❌ Not implemented | 1 not part of this run; GET /health counts the plugins: plugins_loaded is missing |',
      '| `user_jwt` in plugin context | ➖ Not fully checked | 1 of 2 passed · 1 skipped · 1 not part of this run; The plugin gets the token itself: The probe plugin is not loaded there |',
      '| `GET /api/plugins` endpoint and its alias `/api/available-plugins` | ➖ Not fully checked | Not part of this run |',
      '| `MOZAIKS_PLUGIN_TIMEOUT_SECONDS`, default 30 | ➖ Not fully checked | Not part of this run |',
      '| `POST /api/execute/{plugin_name}` | ➖ Not fully checked | Not part of this run |',
      '',
    ]);
  });

  it('calls a requirement done only when every clause behind it was checked', () => {
    const statusOf = (report: ConformanceReport) =>
      toMarkdown(report)
        .split('\n')
        .find((line) => line.startsWith('| `MOZAIKS_PLUGIN'))
        ?.split(' | ')[1];
    const full = madeFullReport();
    const partial = { ...full, checks: full.checks.filter(({ id }) => id !== 'timeout.default') };
    const skipped = madeFullReport({ 'timeout.default': { verdict: 'skipped' } });
    expect([full, partial, skipped].map(statusOf)).toEqual([
      '✅ Done',
      '➖ Not fully checked',
      '➖ Not fully checked',
    ]);
  });

  it('lists every clause by group with its severity', () => {
    expect(lines).toContain('### Version header: 1 of 2 passed · 1 differs');
    expect(lines).toContain('| On GET /health | must | ✅ Passed | 200 {} |');
    expect(lines).toContain(
      '| The plugin gets the token itself | must | ➖ Skipped | The probe plugin is not loaded there |',
    );
  });

  it('shows failures and differences in full, failures first, and counts at the end', () => {
    const text = lines.join('\n');
    expect(text.indexOf('### 2.1 Runtime: GET /health counts')).toBeGreaterThan(0);
    expect(text.indexOf('### 2.2 Version header: Names')).toBeGreaterThan(text.indexOf('### 2.1'));
    expect(text).toContain('```http\nHTTP 200\ncontent-type: application/json\n\n{}\n```');
    expect(lines.slice(-7)).toEqual([
      '| Category | Count |',
      '| --- | --- |',
      '| ✅ Passed | 2 |',
      '| ⚠️ Differs | 1 (`header.value`) |',
      '| ❌ Failed | 1 (`health.plugins-loaded`) |',
      '| ➖ Skipped | 1 (`identity.user-jwt`) |',
      '',
    ]);
  });

  it('is tables of even rows to a parser of GitHub’s Markdown', () => {
    const html = rendered(toMarkdown(madeFullReport({ 'cors.foreign': { verdict: 'failed' } })));
    expect(html.match(/<table>/g)).toHaveLength(14);
    expect(html.match(/<tr>/g)).toHaveLength(7 + 12 + CLAUSES.length + 5);
    expect(tagsOf(html).filter((tag) => !OWN_TAGS.includes(tag))).toEqual([]);
  });

  it('lets nothing that the target answered act as Markdown or HTML', () => {
    const mentions =
      'see @someone, www.evil.example, http://evil.example/|x, a\\|b, mailto:a@b.c, #12 and :// ``@`|`';
    for (const text of [...HOSTILE_TEXTS, mentions]) {
      const checks = [hostileCheck('header.health', text), madeCheck('cors.foreign', { observed: text })];
      const markdown = toMarkdown(madeReport(checks, { target: text.slice(0, 60) }));
      const html = rendered(markdown);
      expect(tagsOf(html).filter((tag) => !OWN_TAGS.includes(tag))).toEqual([]);
      expect(html.match(/<h[123]>/g)).toHaveLength(1 + 4 + 2 + 1);
      const rows = [...html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(
        ([, row = '']) => row.match(/<t[dh]>/g)?.length,
      );
      expect(rows).toEqual([...Array(7).fill(3), ...Array(4).fill(4), ...Array(5).fill(2)]);
      expect(markdown).toMatch(/^[^\p{Cs}\p{Cf}\p{Zl}\p{Zp}]*$/u);
    }
  });

  it('keeps foreign text whole in its cell, and mentions nobody', () => {
    const html = rendered(toMarkdown(madeReport([madeCheck('cors.foreign', { observed: 'a | b @team c' })])));
    expect(html).toContain('<td>a | b <code>@team</code> c</td>');
  });
});
