import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconHash, IconLink, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { PersonaId } from '../../../../main/contract/run.ts';
import type { Trace } from '../../../../main/contract/trace.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { copyText } from '../../../page.ts';
import { toFailure } from '../../../state/app/loadable.ts';
import { formatRoute } from '../../../state/app/route.ts';
import { choiceOf } from '../../../state/traces/trace-export.ts';
import { parseRef } from '../../../state/traces/trace-ref.ts';
import type { Stores } from '../../../stores.ts';
import { ExportItems } from '../files/export-menu.tsx';
import { sentBody } from './replay-model.ts';
import classes from './trace-actions.module.css';

interface MoreActionsProps {
  readonly trace: Trace;
  readonly named: string;
  /** Whose token a command would contain. */
  readonly persona: PersonaId;
}

/** Exports a trace as a command, a link, an id or a file. */
export function MoreActions({ trace, named, persona }: MoreActionsProps) {
  const stores = useStores();
  const [opened, setOpened] = useState(false);
  const whole = sentBody(trace.request.body) !== null;
  const cut = whole ? null : 'The body was too long to record in full';
  const curl = (revealToken: boolean) =>
    copy(stores, 'curl', () => fetchCurl(stores, named, persona, revealToken));
  const copyLink = () => copy(stores, 'Link', async () => linkOf(named));
  const copyId = () => copy(stores, 'Id', async () => trace.id);
  useTakeOutCommands({ named, cut, copyCurl: () => curl(false), copyLink });
  return (
    <Menu width={300} opened={opened} onChange={setOpened}>
      <Tooltip label="Copy, link, export" disabled={opened}>
        <Menu.Target>
          <ActionIcon variant="default" size={28} aria-label="More actions">
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconTerminal2 size={15} />} disabled={!whole} onClick={() => curl(false)}>
          Copy as curl
          <span className={classes.about}>{cut ?? 'The token is read from the shell variable TOKEN'}</span>
        </Menu.Item>
        {persona !== 'anonymous' && (
          <Menu.Item leftSection={<IconTerminal2 size={15} />} disabled={!whole} onClick={() => curl(true)}>
            Copy as curl with a token
            <span className={classes.about}>Copies a new token of this persona as well</span>
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLink size={15} />} onClick={copyLink}>
          Copy link
          <span className={classes.about}>Paste it after the address or into the command palette</span>
        </Menu.Item>
        <Menu.Item leftSection={<IconHash size={15} />} onClick={copyId}>
          Copy id
        </Menu.Item>
        <Menu.Divider />
        <ExportItems choice={() => choiceOf([named])} />
      </Menu.Dropdown>
    </Menu>
  );
}

interface TakeOutCommands {
  readonly named: string;
  /** Why the call can't be copied as a shell command, or null. */
  readonly cut: string | null;
  readonly copyCurl: () => unknown;
  readonly copyLink: () => unknown;
}

function useTakeOutCommands({ named, cut, copyCurl, copyLink }: TakeOutCommands): void {
  const { traceExport } = useStores();
  useCommands([
    {
      id: 'trace.curl',
      title: 'Copy this trace as curl',
      group: 'This screen',
      icon: IconTerminal2,
      unavailable: cut,
      run: copyCurl,
    },
    {
      id: 'trace.link',
      title: 'Copy link to this trace',
      group: 'This screen',
      keys: 'L',
      icon: IconLink,
      run: copyLink,
    },
    {
      id: 'trace.export',
      title: 'Export this trace as JSON',
      group: 'This screen',
      run: () => traceExport.save('json', choiceOf([named])),
    },
    {
      id: 'trace.export-har',
      title: 'Export this trace as HAR',
      group: 'This screen',
      run: () => traceExport.save('har', choiceOf([named])),
    },
  ]);
}

function linkOf(named: string): string {
  const { id, file } = parseRef(named);
  return `#${formatRoute('traces', { item: id, params: { file } })}`;
}

async function fetchCurl(
  { inspector, ui }: Stores,
  named: string,
  persona: PersonaId,
  revealToken: boolean,
): Promise<string> {
  const request = { ...parseRef(named), persona, revealToken };
  if (persona !== 'custom') return inspector.call('traceAsCurl', request);
  const { customToken: token } = ui.store.getState();
  return inspector.call('traceAsCurl', { ...request, token });
}

/** Copies text and announces it as `what`. Never rejects. */
async function copy({ announcements }: Stores, what: string, read: () => Promise<string>): Promise<void> {
  try {
    await copyText(await read());
    announcements.announce({ tone: 'good', title: `${what} copied`, text: '', key: 'copied' });
  } catch (error) {
    const { message } = toFailure(error);
    announcements.announce({ tone: 'bad', title: 'Not copied', text: message, key: 'copied' });
  }
}
