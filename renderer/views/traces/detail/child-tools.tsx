import { SegmentedControl } from '@mantine/core';
import { IconFold } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Trace } from '../../../../main/contract/trace.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { formatCount } from '../../../components/text/format.ts';
import { KIND_LABELS, summarizeChildren } from '../../../components/trace/child-text.ts';
import { useStores } from '../../../components/use-stores.tsx';
import type { Command } from '../../../state/app/commands.ts';
import { countKinds, ROW_KINDS, type SingleRow, shownKind } from '../../../state/traces/child-rows.ts';
import classes from './waterfall-view.module.css';

/** Fewer are seen at a glance. */
const MANY_ROWS = 12;
const ALL = 'all';

export interface ChildToolsProps {
  readonly trace: Trace;
  readonly rows: readonly SingleRow[];
}

/** What the plugin did in sum, and which kinds of it are listed. Nothing where it did nothing. */
export function ChildTools({ trace, rows }: ChildToolsProps) {
  const { childList } = useStores();
  const chosen = useStore(childList.store, ({ kind }) => shownKind(kind, rows));
  const counts = countKinds(rows);
  const kinds = ROW_KINDS.filter((kind) => counts[kind] > 0);
  const summary = summarizeChildren(rows, trace);
  const filters = rows.length > MANY_ROWS && kinds.length > 1;
  useChildCommands(rows, filters ? kinds : []);
  if (summary === '' && !filters) return null;
  return (
    <div className={classes.tools}>
      <p className={classes.summary}>{summary}</p>
      {filters && (
        <SegmentedControl
          aria-label="Kinds to show"
          data={[
            { value: ALL, label: `All ${formatCount(rows.length)}` },
            ...kinds.map((kind) => ({
              value: kind,
              label: `${KIND_LABELS[kind]} ${formatCount(counts[kind])}`,
            })),
          ]}
          value={chosen ?? ALL}
          onChange={(value) => childList.setKind(kinds.find((kind) => kind === value) ?? null)}
        />
      )}
    </div>
  );
}

function useChildCommands(rows: readonly SingleRow[], kinds: readonly (typeof ROW_KINDS)[number][]): void {
  const { childList } = useStores();
  const folded = useStore(childList.store, (state) => state.folded);
  const command = (id: string, title: string, run: () => void): Command => ({
    id: `trace.children.${id}`,
    title,
    group: 'This screen',
    run,
  });
  const fold: Command = {
    ...command('fold', folded ? 'Expand what the plugin did' : 'Collapse what the plugin did', () =>
      childList.setFolded(!folded),
    ),
    icon: IconFold,
    keys: 'F',
    unavailable: rows.length === 0 ? 'This trace has nothing below its step run' : null,
  };
  useCommands([
    fold,
    ...kinds.map((kind) =>
      command(kind, `Show only ${KIND_LABELS[kind]} in the waterfall`, () => childList.setKind(kind)),
    ),
  ]);
}
