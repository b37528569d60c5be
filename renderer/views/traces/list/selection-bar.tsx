import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconArrowsLeftRight, IconDownload, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { CopyButton } from '../../../components/controls/copy-button.tsx';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import {
  formatClock,
  formatCount,
  plural,
  shortenId,
  showControls,
} from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { choiceOf } from '../../../state/traces/trace-export.ts';
import { parseRef } from '../../../state/traces/trace-ref.ts';
import { ExportMenu } from '../files/export-menu.tsx';
import classes from './selection-bar.module.css';

/** Below the list while rows are marked, or while a trace waits to be compared. */
export function SelectionBar() {
  const { marked, comparing } = useStore(useStores().traceMarks.store);
  if (comparing !== null) return <ComparingBar waiting={comparing} />;
  if (marked.length === 0) return null;
  return <MarkedBar marked={marked} />;
}

function MarkedBar({ marked }: { readonly marked: readonly string[] }) {
  const { traceMarks, traceComparison, traceExport } = useStores();
  const exporting = useStore(traceExport.store, ({ running }) => running);
  const two = marked.length === 2;
  return (
    <div className={classes.bar} role="toolbar" aria-label="Selected traces">
      <span className={classes.count} role="status">
        {formatCount(marked.length)} selected
      </span>
      <Tooltip label={two ? 'Compare both' : 'Select two traces to compare them'}>
        <Button
          leftSection={<IconArrowsLeftRight size={14} />}
          rightSection={<KeyHint keys="C" />}
          data-disabled={!two}
          aria-disabled={!two}
          onClick={two ? traceComparison.press : undefined}
        >
          Compare
        </Button>
      </Tooltip>
      <ExportMenu choice={() => choiceOf(marked)} title={plural(marked.length, 'selected trace')}>
        <Button leftSection={<IconDownload size={14} />} loading={exporting}>
          Export
        </Button>
      </ExportMenu>
      <CopyButton text={() => marked.map((ref) => parseRef(ref).id).join('\n')} label="Copy ids" always />
      <Tooltip label="Clear selection (Esc)">
        <ActionIcon aria-label="Clear selection" className={classes.close} onClick={traceMarks.clear}>
          <IconX size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function ComparingBar({ waiting }: { readonly waiting: string }) {
  const { traces, traceComparison } = useStores();
  const { id } = parseRef(waiting);
  const row = useStore(traces.store, ({ rows }) => rows.find((trace) => trace.id === id));
  const what =
    row === undefined ? shortenId(id) : `${showControls(row.plugin)} of ${formatClock(row.startedAt)}`;
  return (
    <div className={classes.bar} role="toolbar" aria-label="Compare with">
      <IconArrowsLeftRight size={15} className={classes.icon} aria-hidden />
      <span className={classes.words} role="status">
        Compare <strong>{what}</strong> with: click another trace, or open it and press <KeyHint keys="C" />
      </span>
      <Button className={classes.close} onClick={traceComparison.cancel}>
        Cancel
      </Button>
    </div>
  );
}
