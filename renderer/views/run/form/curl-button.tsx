import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconTerminal2 } from '@tabler/icons-react';
import { call } from '../../../bridge.ts';
import { copyText } from '../../../page.ts';
import { announce } from '../../../state/app/announcements.ts';
import { toFailure } from '../../../state/app/loadable.ts';
import { callOf, type RunInput } from '../result/run-store.ts';

/** Copies the call as a shell command; the token is included only on a deliberate click. */
export function CurlButton({ wish }: { readonly wish: RunInput }) {
  const anonymous = wish.persona === 'anonymous';
  return (
    <Menu position="top-start" width={260}>
      <Menu.Target>
        <Button
          leftSection={<IconTerminal2 size={14} />}
          rightSection={<IconChevronDown size={14} />}
          disabled={wish.plugin === ''}
        >
          Copy as curl
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => copyCurl(wish, false)}>
          {anonymous ? 'Copy command' : 'Copy with $TOKEN as placeholder'}
        </Menu.Item>
        {!anonymous && <Menu.Item onClick={() => copyCurl(wish, true)}>Copy with the real token</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

async function copyCurl(wish: RunInput, revealToken: boolean): Promise<void> {
  try {
    await copyText(await call('runAsCurl', { ...callOf(wish), revealToken }));
    const text = revealToken ? 'It contains the real token. Paste with care.' : '';
    announce({ tone: 'good', title: 'Copied as curl', text, key: 'curl' });
  } catch (error) {
    announce({ tone: 'bad', title: 'Not copied', text: toFailure(error).message, key: 'curl' });
  }
}
