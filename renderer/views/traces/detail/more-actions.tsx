import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconHash, IconLink, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { PersonaId } from '../../../../main/contract/run.ts';
import type { Trace } from '../../../../main/contract/trace.ts';
import { call } from '../../../bridge.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { parseRef } from '../../../components/trace/trace-ref.ts';
import { copyText } from '../../../page.ts';
import { announce } from '../../../state/app/announcements.ts';
import { toFailure } from '../../../state/app/loadable.ts';
import { formatRoute } from '../../../state/app/route.ts';
import { uiStore } from '../../../state/app/ui.ts';
import { ExportItems } from '../files/export-menu.tsx';
import { choiceOf, exportTraces } from '../files/export-store.ts';
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
  const [opened, setOpened] = useState(false);
  const whole = sentBody(trace.request.body) !== null;
  const cut = whole ? null : 'The body was too long to record in full';
  const curl = (revealToken: boolean) => copy('curl', () => curlOf(named, persona, revealToken));
  const copyLink = () => copy('Link', async () => linkOf(named));
  const copyId = () => copy('Id', async () => trace.id);
  useCommands([
    {
      ...{ id: 'trace.curl', title: 'Copy this trace as curl', group: 'This screen' },
      ...{ icon: IconTerminal2, unavailable: cut, run: () => curl(false) },
    },
    {
      ...{ id: 'trace.link', title: 'Copy link to this trace', group: 'This screen', keys: 'L' },
      ...{ icon: IconLink, run: copyLink },
    },
    {
      ...{ id: 'trace.export', title: 'Export this trace as JSON', group: 'This screen' },
      ...{ run: () => exportTraces('json', choiceOf([named])) },
    },
    {
      ...{ id: 'trace.export-har', title: 'Export this trace as HAR', group: 'This screen' },
      ...{ run: () => exportTraces('har', choiceOf([named])) },
    },
  ]);
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

function linkOf(named: string): string {
  const { id, file } = parseRef(named);
  return `#${formatRoute('traces', { item: id, params: { file } })}`;
}

async function curlOf(named: string, persona: PersonaId, revealToken: boolean): Promise<string> {
  const { customToken } = uiStore.getState();
  const token = persona === 'custom' ? { token: customToken } : {};
  return call('traceAsCurl', { ...parseRef(named), persona, revealToken, ...token });
}

async function copy(what: string, read: () => Promise<string>): Promise<void> {
  try {
    await copyText(await read());
    announce({ tone: 'good', title: `${what} copied`, text: '', key: 'copied' });
  } catch (error) {
    announce({ tone: 'bad', title: 'Not copied', text: toFailure(error).message, key: 'copied' });
  }
}
