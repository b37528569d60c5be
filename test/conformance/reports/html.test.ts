import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toHtml } from '../../../main/conformance/reports/html.ts';
import { html, trusted } from '../../../main/conformance/reports/html-template.ts';
import {
  HOSTILE_TEXTS,
  hostileCheck,
  madeCheck,
  madeFullReport,
  madeReport,
} from '../../support/made-report.ts';

const OWN_TAGS =
  '!doctype a body circle code dd details div dl dt footer h1 h2 h3 head header html li main meta p path pre rect section span strong style summary svg symbol table tbody td th thead time title tr ul use';

function tagsOf(page: string): readonly string[] {
  return [...new Set([...page.matchAll(/<([a-z!][a-z0-9-]*)/gi)].map(([, tag = '']) => tag.toLowerCase()))];
}

describe('the template of the HTML report', () => {
  it('escapes every value that it did not make itself', () => {
    const foreign = '"><script>alert(1)</script>';
    const escaped = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;';
    expect(html`<p title="${foreign}">${foreign}</p>`.source).toBe(`<p title="${escaped}">${escaped}</p>`);
    expect(html`<ul>${[foreign, html`<li>${foreign}</li>`]}</ul>`.source).toBe(
      `<ul>${escaped}<li>${escaped}</li></ul>`,
    );
    expect(html`${2}${trusted('<br>')}`.source).toBe('2<br>');
  });
});

describe('the HTML report', () => {
  it('has the verdict in one line, the six requirements and every clause', () => {
    const page = toHtml(
      madeFullReport({
        'identity.user-jwt': { verdict: 'failed', reason: 'user_jwt is missing' },
        'timeout.default': { verdict: 'skipped' },
      }),
    );
    expect(page).toContain(
      'Does not follow the contract</strong><span>86 of 88 passed · 1 failed · 1 skipped</span>',
    );
    expect(page).toContain('<li>1 clause failed: identity.user-jwt</li>');
    expect(page.match(/<tbody>[\s\S]*<\/tbody>/)?.[0].match(/<tr>/g)).toHaveLength(6);
    expect(page.match(/<details /g)).toHaveLength(88);
    expect(page.match(/<details [^>]*open>/g)).toHaveLength(1);
    const [, anchor] =
      /<a href="#(clause-\d+)">Identity: The plugin gets the token itself<\/a>/.exec(page) ?? [];
    expect(page).toContain(`<details id="${anchor}" open>`);
  });

  it('is green where all clauses passed', () => {
    const page = toHtml(madeFullReport());
    expect(page).toContain('Implemented</strong><span>88 of 88 passed</span>');
    expect(page).not.toContain('id="problems"');
  });

  it('marks a failure that was expected', () => {
    const report = madeReport([madeCheck('cors.foreign', { verdict: 'failed' })]);
    const page = toHtml(report, { baseline: new Map([['cors.foreign', '']]) });
    expect(page).toContain('<span class="tag">expected to fail</span>');
    expect(page).toContain('0 of 1 passed · 1 failed · 1 of the failures expected');
  });

  it('allows itself its one style and nothing else', () => {
    const page = toHtml(madeFullReport());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1];
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/ style="|<script|https?:\/\/(?!127\.0\.0\.1)|url\(/);
  });

  it('has what the target answered as text', () => {
    for (const text of HOSTILE_TEXTS) {
      const check = { ...hostileCheck('header.health', text), id: text, title: text, group: text };
      const page = toHtml(
        madeReport([{ ...check, rule: text, place: text, expected: text }], { target: text, id: text }),
      );
      expect(tagsOf(page).filter((tag) => !OWN_TAGS.split(' ').includes(tag))).toEqual([]);
      expect(page.match(/<style>/g)).toHaveLength(1);
      expect(page.match(/<\/details>/g)).toHaveLength(1);
      expect(page.match(/<a /g)).toHaveLength(1);
      expect(page).toMatch(/^[^\p{Cs}\p{Cf}\p{Zl}\p{Zp}]*$/u);
    }
  });
});
