import { IconListDetails, IconSearch } from '@tabler/icons-react';
import type { TraceSummary } from '../../../main/contract/trace.ts';
import type { Inspector } from '../../bridge.ts';
import type { Command } from '../../state/app/commands.ts';
import { settle } from '../../state/app/loadable.ts';
import { parseRoute } from '../../state/app/route.ts';
import type { UiStore } from '../../state/app/ui.ts';
import { formatDuration, formatTime, shortenId } from '../text/format.ts';

const MAX_TRACES = 5;

interface PaletteTracesDeps {
  readonly ui: UiStore;
  readonly inspector: Inspector;
}

/** Commands that the palette offers for a query: traces, and the screens it may lead to. */
export function createPaletteTraces({ ui, inspector }: PaletteTracesDeps) {
  /** A copied link, and the Traces screen with the query as its filter. */
  function linksFor(query: string): readonly Command[] {
    const text = query.trim();
    if (text.length < 2) return [];
    return [
      ...linkCommands(text),
      {
        id: 'traces.search',
        title: 'Search traces for this text',
        group: 'Traces',
        icon: IconSearch,
        about: `“${text}” in bodies, users, ids and messages`,
        words: text,
        run: () => ui.navigate('traces', { params: { text } }),
      },
    ];
  }

  /** A copied link such as `#/traces/4bf92f3577b34da6` opens its screen, whatever address precedes it. */
  function linkCommands(text: string): readonly Command[] {
    const hash = /#(\/\w\S*)$/.exec(text)?.[1];
    if (hash === undefined) return [];
    const { screen, ...target } = parseRoute(hash);
    return [
      {
        id: 'link.open',
        title: 'Open this link',
        group: 'Traces',
        icon: IconListDetails,
        about: `#${hash}`,
        words: text,
        run: () => ui.navigate(screen, target),
      },
    ];
  }

  /** The newest traces that contain `text`; none when the runtime could not be asked. Never rejects. */
  async function find(text: string): Promise<readonly Command[]> {
    const answer = await settle(inspector.call('traces', { limit: MAX_TRACES, text }));
    return answer.state === 'ready' ? answer.value.traces.map((trace) => traceCommand(trace, text)) : [];
  }

  function traceCommand(trace: TraceSummary, text: string): Command {
    const { id, plugin, startedAt, durationMs, outcome } = trace;
    return {
      id: `trace:${id}`,
      title: `Open trace ${shortenId(id)} of ${plugin}`,
      group: 'Traces',
      icon: IconListDetails,
      about: [formatTime(startedAt), outcome.replace('_', ' '), formatDuration(durationMs)].join(' · '),
      // The runtime found it by this text, wherever it is.
      words: `${id} ${text}`,
      run: () => ui.navigate('traces', { item: id }),
    };
  }

  return { linksFor, find };
}
