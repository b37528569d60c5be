import { Menu, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import {
  TRACE_FILE_FORMATS,
  type TraceChoice,
  type TraceFileFormat,
} from '../../../../main/contract/trace-file.ts';
import { useStores } from '../../../components/use-stores.tsx';
import classes from '../detail/trace-actions.module.css';

const FORMAT_LABELS: Readonly<Record<TraceFileFormat, { readonly name: string; readonly about: string }>> = {
  json: { name: 'JSON', about: 'Complete; can be opened here again' },
  har: { name: 'HAR 1.2', about: 'For other tools; requests and responses' },
};

export interface ExportItemsProps {
  /** Evaluated at the click. */
  readonly choice: () => TraceChoice;
}

/** The formats, as items of a menu. */
export function ExportItems({ choice }: ExportItemsProps) {
  const { traceExport } = useStores();
  return TRACE_FILE_FORMATS.map((format) => (
    <Menu.Item
      key={format}
      leftSection={<IconDownload size={15} />}
      onClick={() => traceExport.save(format, choice())}
    >
      Export as {FORMAT_LABELS[format].name}
      <span className={classes.about}>{FORMAT_LABELS[format].about}</span>
    </Menu.Item>
  ));
}

export interface ExportMenuProps extends ExportItemsProps {
  /** The button that opens it. */
  readonly children: ReactElement;
  /** What is exported: "37 traces that match". */
  readonly title: ReactNode;
  readonly tooltip?: string;
}

export function ExportMenu({ choice, children, title, tooltip }: ExportMenuProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Menu width={300} opened={opened} onChange={setOpened}>
      <Tooltip label={tooltip} disabled={opened || tooltip === undefined}>
        <Menu.Target>{children}</Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Label>{title}</Menu.Label>
        <ExportItems choice={choice} />
      </Menu.Dropdown>
    </Menu>
  );
}
