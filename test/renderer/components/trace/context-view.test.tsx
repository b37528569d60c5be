import { MantineProvider } from '@mantine/core';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../../main/contract/trace.ts';
import { ContextView } from '../../../../renderer/components/trace/context-view.tsx';
import { LogsView } from '../../../../renderer/components/trace/logs-view.tsx';
import { WhyBanner } from '../../../../renderer/components/trace/why-banner.tsx';
import { StoresProvider } from '../../../../renderer/components/use-stores.tsx';
import { stubStores } from '../../support/stub-stores.ts';
import { aTrace, provenance } from '../../support/trace-fixture.ts';

function markup(element: ReactElement): string {
  return renderToStaticMarkup(
    <MantineProvider env="test">
      <StoresProvider stores={stubStores().stores}>{element}</StoresProvider>
    </MantineProvider>,
  );
}

/** The words of a markup, tags gone. */
function words(html: string): string {
  return html.replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

function withBody(json: NonNullable<Trace['request']['body']>['json'], over: Partial<Trace>): Trace {
  const body = { json: json ?? null, bytes: 10, truncated: false };
  return aTrace({ request: { method: 'POST', path: '/', headers: {}, body }, ...over });
}

const spoofed = withBody(
  { user_id: 'evil' },
  {
    received: { user_id: 'user_123' },
    provenance: [
      provenance({ field: 'user_id' }),
      provenance({ field: 'user_jwt', present: false, label: 'Authorization header: none was sent' }),
    ],
    spoofs: [{ key: 'user_id', sent: 'evil', action: 'replaced' }],
  },
);

describe('ContextView', () => {
  it('strikes out spoofed values and shows what the plugin received, with its source', () => {
    const html = markup(<ContextView trace={spoofed} />);
    expect(html).toMatch(/<s [^>]*>&quot;evil&quot;<\/s>/);
    expect(words(html)).toMatch(/"?evil.* spoof .*JWT claim sub .*user_123/);
  });

  it('says that a field is absent', () => {
    expect(words(markup(<ContextView trace={spoofed} />))).toMatch(/none was sent .*user_ jwt absent/);
  });

  it('explains why a refused call has nothing to show', () => {
    const text = words(markup(<ContextView trace={aTrace({ received: null, outcome: 'refused' })} />));
    expect(text).toContain('The plugin never ran');
    expect(text).not.toContain('client sent source');
  });

  it('shows hostile names and values as text, with hidden characters escaped', () => {
    const hostile = { '<img src=x>': '\u202e<script>alert(1)</script>' };
    const html = markup(<ContextView trace={withBody(hostile, { received: hostile })} />);
    expect(html).not.toMatch(/<img|<script/);
    expect(words(html)).toContain('⟨U+202E⟩&lt;script&gt;');
  });

  it('limits a body with thousands of fields', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`field${at}`, at]));
    const html = markup(<ContextView trace={withBody(many, { received: many })} />);
    expect(html.match(/<tr/g)?.length).toBeLessThan(100);
    expect(words(html)).toContain('4,940 more client fields');
  });
});

describe('console output', () => {
  const lines = (text: string, count = 1) =>
    aTrace({ console: Array.from({ length: count }, () => ({ atMs: 1, level: 'log' as const, text })) });

  it('is text, never markup', () => {
    const html = markup(<LogsView trace={lines('<b>bold</b>\u0007')} />);
    expect(html).not.toContain('<b>');
    expect(html).toContain('⟨U+0007⟩');
  });

  it('is limited in lines and in length until expanded', () => {
    const html = markup(<LogsView trace={lines('x'.repeat(100_000), 1000)} />);
    expect(html.length).toBeLessThan(400_000);
    expect(words(html)).toMatch(/99,000 more.* 800 more lines/);
  });

  it('is truncated in an error, too', () => {
    const error = { code: 'PLUGIN_EXCEPTION', message: `<i>${'y'.repeat(100_000)}` };
    const html = markup(<WhyBanner trace={aTrace({ outcome: 'exception', error })} />);
    expect(html.length).toBeLessThan(5000);
    expect(html).not.toContain('<i>');
  });
});
