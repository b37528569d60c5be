import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { HOST_LIMITS } from '../../../../main/contract/host.ts';
import type { TraceEvent } from '../../../../main/contract/trace.ts';
import { LogsView } from '../../../../renderer/components/trace/logs-view.tsx';
import { detailText, standIns } from '../../../../renderer/components/trace/standins.ts';
import { aTrace } from '../../support/trace-fixture.ts';

const event = (over: Partial<TraceEvent> = {}): TraceEvent => ({
  ...{ atMs: 1.5, kind: 'published', name: 'tasks:created', detail: '{"id":7}' },
  ...{ source: 'mozaiks_infra.event_bus', ...over },
});

function shown(events: readonly TraceEvent[], console: readonly string[] = []) {
  const lines = console.map((text) => ({ atMs: 1, level: 'log' as const, text }));
  const trace = aTrace({ events, console: lines });
  const html = renderToStaticMarkup(
    <MantineProvider env="test">
      <LogsView trace={trace} />
    </MantineProvider>,
  );
  const words = html.replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  return { html, words };
}

describe('what a plugin did through stand-ins', () => {
  it('is one line an event, each kind with its icon and word, beside what it wrote', () => {
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

  it('says once for each module that a stand-in was used', () => {
    const { words } = shown([event(), event(), event({ source: 'core.settings_manager' })]);
    expect(words.match(/stand-in used:/g)).toHaveLength(2);
    expect(words).toContain('stand-in used: mozaiks_infra.event_bus – production would use the real one');
    expect(words).toContain('stand-in used: core.settings_manager – production would use the real one');
  });

  it('says nothing of stand-ins where none was used', () => {
    expect(shown([], ['a line']).words).not.toContain('stand-in');
    expect(shown([]).words).toContain('The plugin wrote nothing');
  });

  it('is text, never markup, and cut until asked for', () => {
    const hostile = event({ name: '<b>\u202e', detail: `<img>${'x'.repeat(4_000)}`, source: '<i>' });
    const { html, words } = shown(Array.from({ length: HOST_LIMITS.events }, () => hostile));
    expect(html).not.toMatch(/<b>|<img|<i>/);
    expect(words).toContain('⟨U+202E⟩');
    expect(words).toMatch(/… 3,605 more .* 150 more events .*keeps 200 events/);
    expect(html.length).toBeLessThan(200_000);
  });

  it('reads details as JSON where they are some', () => {
    expect(detailText('{"a":[1]}', true)).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(detailText('{"a":[1]}', false)).toBe('{"a":[1]}');
    expect(detailText('no JSON', true)).toBe('no JSON');
    expect(standIns([event({ source: 'b' }), event({ source: 'a' }), event({ source: 'b' })])).toEqual([
      'b',
      'a',
    ]);
  });
});
