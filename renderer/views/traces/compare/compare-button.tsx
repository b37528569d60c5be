import { Button, Menu } from '@mantine/core';
import { IconArrowsLeftRight, IconChevronDown, IconHistory } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Trace } from '../../../../main/contract/trace.ts';
import { call } from '../../../bridge.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { formatRef, parseRef } from '../../../components/trace/trace-ref.ts';
import { announce } from '../../../state/app/announcements.ts';
import { toFailure } from '../../../state/app/loadable.ts';
import classes from '../detail/trace-actions.module.css';
import { marksStore, openComparison, startComparing } from '../list/marks.ts';

/** Chooses the trace to compare this one with. */
export function CompareButton({ trace, named }: { readonly trace: Trace; readonly named: string }) {
  const comparing = useStore(marksStore, (state) => state.comparing);
  if (comparing !== null && comparing !== named) {
    return (
      <Button
        variant="filled"
        leftSection={<IconArrowsLeftRight size={14} />}
        rightSection={<KeyHint keys="C" />}
        onClick={() => openComparison(comparing, named)}
      >
        Compare
      </Button>
    );
  }
  return (
    <Menu position="bottom-start" width={290}>
      <Menu.Target>
        <Button
          leftSection={<IconArrowsLeftRight size={14} />}
          rightSection={<IconChevronDown size={14} />}
          aria-pressed={comparing === named}
        >
          Compare
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconHistory size={15} />} onClick={() => compareWithEarlier(trace, named)}>
          With the previous call
          <span className={classes.about}>The previous call of this plugin</span>
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowsLeftRight size={15} />}
          rightSection={<KeyHint keys="C" />}
          onClick={() => startComparing(named)}
        >
          With another…
          <span className={classes.about}>Select it in the list or in a file</span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The older trace is on the left, so that changes read from left to right. */
async function compareWithEarlier({ plugin, id }: Trace, named: string): Promise<void> {
  const { file } = parseRef(named);
  const source = file === null ? {} : { file };
  try {
    const [own] = (await call('traces', { limit: 1, text: id, ...source })).traces;
    const before = own === undefined ? {} : { before: own.seq };
    const [earlier] = (await call('traces', { limit: 1, plugin, ...before, ...source })).traces;
    if (earlier === undefined || own === undefined) {
      announce({
        tone: 'plain',
        title: 'No previous call',
        text: `There is no earlier trace of ${plugin}.`,
        key: 'compare',
      });
    } else {
      openComparison(formatRef({ id: earlier.id, file }), named);
    }
  } catch (error) {
    announce({ tone: 'bad', title: 'Not compared', text: toFailure(error).message, key: 'compare' });
  }
}
