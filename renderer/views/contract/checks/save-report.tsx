import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { REPORT_FORMATS, type ReportFormat } from '../../../../main/contract/conformance.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { useStores } from '../../../components/use-stores.tsx';

const FORMAT_NAMES: Readonly<Record<ReportFormat, string>> = {
  markdown: 'Markdown',
  html: 'HTML',
  junit: 'JUnit XML',
  json: 'JSON',
};

/** Saves a report as a file, in a format the user chooses. */
export function SaveReport({ report }: { readonly report: string }) {
  const { contract } = useStores();
  useCommands(
    REPORT_FORMATS.map((format) => ({
      id: `contract.save-${format}`,
      title: `Save the report as ${FORMAT_NAMES[format]}`,
      group: 'This screen',
      icon: IconDownload,
      run: () => contract.saveReport(report, format),
    })),
  );
  return (
    <Menu>
      <Menu.Target>
        <Button leftSection={<IconDownload size={14} />}>Save report</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {REPORT_FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => contract.saveReport(report, format)}>
            {FORMAT_NAMES[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
