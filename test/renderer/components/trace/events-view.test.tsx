import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { HOST_LIMITS } from '../../../../main/contract/host.ts';
import type { TraceEvent } from '../../../../main/contract/trace.ts';
import { formatDetail, stubSources } from '../../../../renderer/components/trace/events-view.tsx';
import { LogsView } from '../../../../renderer/components/trace/logs-view.tsx';
import { StoresProvider } from '../../../../renderer/components/use-stores.tsx';
import { stubStores } from '../../support/stub-stores.ts';
import { aTrace } from '../../support/trace-fixture.ts';

const event = (over: Partial<TraceEvent> = {}): TraceEvent => ({
  atMs: 1.5,
  kind: 'published',
  name: 'tasks:created',
  detail: '{"id":7}',
  source: 'mozaiks_infra.event_bus',
  ...over,
});

function shown(events: readonly TraceEvent[], console: readonly string[] = []) {
  const lines = console.map((text) => ({ atMs: 1, level: 'log' as const, text }));
  const trace = aTrace({ events, console: lines });
  const html = renderToStaticMarkup(
    <MantineProvider env="test">
      <StoresProvider stores={stubStores().stores}>
        <LogsView trace={trace} />
      </StoresProvider>
    </MantineProvider>,
  );
  const words = html.replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  return { html, words };
}

describe('what a plugin did through stubs', () => {
  it('shows one line per event, each kind with its icon and word, besides console output', () => {
    const { html, words } = shown(
      [
        event(),
        event({ kind: 'notified', name: 'new_task', source: 'core.notifications_manager' }),
        event({ kind: 'sent', name: 'tasks_update', source: 'core.websocket_manager' }),
        event({ kind: 'saved', name: 'tasks', source: 'core.settings_manager' }),
      ],
      ['a line'],
    );
    expect(words).toMatch(
      /\+1.50 ms published tasks:created \{&quot;id&quot;:7\} .* notified new_task .* sent tasks_update .* saved tasks .* a line/,
    );
    for (const icon of ['speakerphone', 'bell', 'send', 'device-floppy']) {
      expect(html).toContain(`tabler-icon-${icon}`);
    }
  });

  it('names the plugins that a published event went to', () => {
    const { words } = shown([event({ kind: 'delivered', detail: '{"to":["notes","tasks"],"more":3}' })]);
    expect(words).toContain('delivered tasks:created to notes, tasks and 3 more');
  });

  it('names each stubbed module once', () => {
    const { words } = shown([event(), event(), event({ source: 'core.settings_manager' })]);
    expect(words.match(/Stub used:/g)).toHaveLength(2);
    expect(words).toContain('Stub used: mozaiks_infra.event_bus – production uses the real module');
    expect(words).toContain('Stub used: core.settings_manager – production uses the real module');
  });

  it('does not mention stubs when none was used', () => {
    expect(shown([], ['a line']).words).not.toContain('Stub');
    expect(shown([]).words).toContain('No console output');
  });

  it('is text, never markup, and truncated until expanded', () => {
    const hostile = event({ name: '<b>\u202e', detail: `<img>${'x'.repeat(4_000)}`, source: '<i>' });
    const { html, words } = shown(Array.from({ length: HOST_LIMITS.events }, () => hostile));
    expect(html).not.toMatch(/<b>|<img|<i>/);
    expect(words).toContain('⟨U+202E⟩');
    expect(words).toMatch(/… 3,605 more .* 150 more events .*at most 200 events/);
    expect(html.length).toBeLessThan(200_000);
  });

  it('formats details that are JSON', () => {
    expect(formatDetail('{"a":[1]}', true)).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(formatDetail('{"a":[1]}', false)).toBe('{"a":[1]}');
    expect(formatDetail('no JSON', true)).toBe('no JSON');
    expect(stubSources([event({ source: 'b' }), event({ source: 'a' }), event({ source: 'b' })])).toEqual([
      'b',
      'a',
    ]);
  });
});
