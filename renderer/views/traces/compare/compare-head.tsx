import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconArrowsExchange, IconDownload, IconExternalLink, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Trace } from '../../../../main/contract/trace.ts';
import { CopyButton } from '../../../components/controls/copy-button.tsx';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { OutcomeBadge } from '../../../components/status/outcome.tsx';
import { formatDuration, formatTime, showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import { choiceOf } from '../../../state/traces/trace-export.ts';
import { parseRef } from '../../../state/traces/trace-ref.ts';
import { ExportMenu } from '../files/export-menu.tsx';
import classes from './compare-view.module.css';

interface Compared {
  /** As the address names it. */
  readonly named: string;
  readonly trace: Trace;
}

/** The two traces being compared, and actions on both. */
export function CompareHead({ a, b }: { readonly a: Compared; readonly b: Compared }) {
  const { ui, traceExport, traceComparison } = useStores();
  const exporting = useStore(traceExport.store, ({ running }) => running);
  const swap = () => ui.setParams({ compare: `${b.named},${a.named}` });
  useCommands([
    {
      id: 'compare.swap',
      title: 'Swap sides',
      group: 'This screen',
      icon: IconArrowsExchange,
      keys: 'S',
      run: swap,
    },
    {
      id: 'compare.close',
      title: 'Close comparison',
      group: 'This screen',
      icon: IconX,
      keys: 'Escape',
      run: traceComparison.close,
    },
  ]);
  return (
    <header className={classes.head}>
      <Card name="A" {...a} />
      <Tooltip label="Swap sides (S)">
        <ActionIcon variant="default" size={28} aria-label="Swap sides" onClick={swap}>
          <IconArrowsExchange size={16} />
        </ActionIcon>
      </Tooltip>
      <Card name="B" {...b} />
      <div className={classes.buttons}>
        <ExportMenu choice={() => choiceOf([a.named, b.named])} title="Both traces">
          <Button leftSection={<IconDownload size={14} />} loading={exporting}>
            Export both
          </Button>
        </ExportMenu>
        <CopyButton
          text={`#${formatRoute('traces', { params: { compare: `${a.named},${b.named}` } })}`}
          label="Copy link to this comparison"
          always
        />
        <Button rightSection={<KeyHint keys="Escape" />} onClick={traceComparison.close}>
          Close
        </Button>
      </div>
    </header>
  );
}

function Card({ name, named, trace }: Compared & { readonly name: 'A' | 'B' }) {
  const { ui, traceFiles } = useStores();
  const { id, file } = parseRef(named);
  const from = useStore(traceFiles.store, ({ files }) =>
    file === null ? null : (files.get(file)?.name ?? 'a file'),
  );
  return (
    <div className={classes.card}>
      <span className={classes.letter} data-name={name}>
        {name}
      </span>
      <div className={classes.about}>
        <div className={classes.line}>
          <span className={classes.plugin}>{showControls(trace.plugin)}</span>
          <OutcomeBadge outcome={trace.outcome} variant="plain" />
          <span className="tabular">{trace.status ?? 'no answer'}</span>
          <span className="tabular">{formatDuration(trace.durationMs)}</span>
        </div>
        <span className={classes.dim}>
          {formatTime(trace.startedAt)} · {showControls(trace.user ?? 'no user')}
          {from !== null && ` · from ${showControls(from)}`}
        </span>
      </div>
      <Tooltip label="Open this trace">
        <ActionIcon
          aria-label={`Open trace ${name}`}
          onClick={() => ui.navigate('traces', { item: id, params: { file } })}
        >
          <IconExternalLink size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
