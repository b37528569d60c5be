import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toHtml } from '../../../main/conformance/reports/html.ts';
import {
  HOSTILE_TEXTS,
  hostileCheck,
  madeCheck,
  madeFullReport,
  madeReport,
} from '../../support/made-report.ts';

const OWN_TAGS =
  '!doctype a body circle code dd details div dl dt footer h1 h2 h3 head header html li main meta p path pre rect section span strong style summary svg symbol table tbody td th thead time title tr ul use';

function tagsOf(html: string): readonly string[] {
  return [...new Set([...html.matchAll(/<([a-z!][a-z0-9-]*)/gi)].map(([, tag = '']) => tag.toLowerCase()))];
}

describe('the HTML report', () => {
  it('has the verdict in one line, the six requirements and every clause', () => {
    const html = toHtml(
      madeFullReport({
        'identity.user-jwt': { verdict: 'failed', reason: 'user_jwt is missing' },
        'timeout.default': { verdict: 'skipped' },
      }),
    );
    expect(html).toContain('Contract broken</strong><span>71 of 73 kept · 1 broken · 1 skipped</span>');
    expect(html).toContain('<li>1 clause is broken: identity.user-jwt</li>');
    expect(html.match(/<tbody>[\s\S]*<\/tbody>/)?.[0].match(/<tr>/g)).toHaveLength(6);
    expect(html.match(/<details /g)).toHaveLength(73);
    expect(html.match(/<details [^>]*open>/g)).toHaveLength(1);
    const [, anchor] =
      /<a href="#(clause-\d+)">Identity: The plugin gets the token itself<\/a>/.exec(html) ?? [];
    expect(html).toContain(`<details id="${anchor}" open>`);
  });

  it('is green where all is kept', () => {
    const html = toHtml(madeFullReport());
    expect(html).toContain('Implemented</strong><span>73 of 73 kept</span>');
    expect(html).not.toContain('id="problems"');
  });

  it('marks a failure that was expected', () => {
    const report = madeReport([madeCheck('cors.foreign', { verdict: 'failed' })]);
    const html = toHtml(report, { baseline: new Map([['cors.foreign', '']]) });
    expect(html).toContain('<span class="tag">expected to fail</span>');
    expect(html).toContain('0 of 1 kept · 1 broken · 1 of the broken expected');
  });

  it('allows itself its one style and nothing else', () => {
    const html = toHtml(madeFullReport());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    expect(html).not.toMatch(/ style="|<script|https?:\/\/(?!127\.0\.0\.1)|url\(/);
  });

  it('has what the target answered as text', () => {
    for (const text of HOSTILE_TEXTS) {
      const check = { ...hostileCheck('header.health', text), id: text, title: text, group: text };
      const html = toHtml(
        madeReport([{ ...check, rule: text, place: text, expected: text }], { target: text, id: text }),
      );
      expect(tagsOf(html).filter((tag) => !OWN_TAGS.split(' ').includes(tag))).toEqual([]);
      expect(html.match(/<style>/g)).toHaveLength(1);
      expect(html.match(/<\/details>/g)).toHaveLength(1);
      expect(html.match(/<a /g)).toHaveLength(1);
      expect(html).toMatch(/^[^\p{Cs}\p{Cf}\p{Zl}\p{Zp}]*$/u);
    }
  });
});
