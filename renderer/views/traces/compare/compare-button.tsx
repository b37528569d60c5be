import { Button, Menu } from '@mantine/core';
import { IconArrowsLeftRight, IconChevronDown, IconHistory } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Trace } from '../../../../main/contract/trace.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { toFailure } from '../../../state/app/loadable.ts';
import { formatRef, parseRef } from '../../../state/traces/trace-ref.ts';
import type { Stores } from '../../../stores.ts';
import classes from '../detail/trace-actions.module.css';

/** Chooses the trace to compare this one with. */
export function CompareButton({ trace, named }: { readonly trace: Trace; readonly named: string }) {
  const stores = useStores();
  const { traceMarks, traceComparison } = stores;
  const comparing = useStore(traceMarks.store, (state) => state.comparing);
  if (comparing !== null && comparing !== named) {
    return (
      <Button
        variant="filled"
        leftSection={<IconArrowsLeftRight size={14} />}
        rightSection={<KeyHint keys="C" />}
        onClick={() => traceComparison.open(comparing, named)}
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
        <Menu.Item
          leftSection={<IconHistory size={15} />}
          onClick={() => compareWithEarlier(stores, trace, named)}
        >
          With the previous call
          <span className={classes.about}>The previous call of this plugin</span>
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowsLeftRight size={15} />}
          rightSection={<KeyHint keys="C" />}
          onClick={() => traceComparison.startWith(named)}
        >
          With another…
          <span className={classes.about}>Select it in the list or in a file</span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The older trace is on the left, so that changes read from left to right. Never rejects. */
async function compareWithEarlier(
  { inspector, announcements, traceComparison }: Stores,
  { plugin, id }: Trace,
  named: string,
): Promise<void> {
  const { file } = parseRef(named);
  const source = file === null ? {} : { file };
  try {
    const [own] = (await inspector.call('traces', { limit: 1, text: id, ...source })).traces;
    const before = own?.seq;
    const [earlier] =
      before === undefined
        ? []
        : (await inspector.call('traces', { limit: 1, plugin, before, ...source })).traces;
    if (earlier === undefined) {
      const text = `There is no earlier trace of ${plugin}.`;
      announcements.announce({ tone: 'plain', title: 'No previous call', text, key: 'compare' });
    } else {
      traceComparison.open(formatRef({ id: earlier.id, file }), named);
    }
  } catch (error) {
    const { message } = toFailure(error);
    announcements.announce({ tone: 'bad', title: 'Not compared', text: message, key: 'compare' });
  }
}
