import { Modal } from '@mantine/core';
import { useStore } from 'zustand';
import { COMMAND_GROUPS } from '../../state/app/commands.ts';
import { KeyHint } from '../controls/key-hint.tsx';
import { useStores } from '../use-stores.tsx';
import classes from './shortcut-sheet.module.css';
import { useFocusBefore } from './use-focus-before.ts';

/** The shortcuts of this screen and those that work everywhere, from the commands themselves. */
export function ShortcutSheet() {
  const stores = useStores();
  const open = useStore(stores.commands.store, (state) => state.open === 'shortcuts');
  const giveFocusBack = useFocusBefore(open);
  return (
    <Modal
      opened={open}
      onClose={() => {
        stores.commands.close();
        giveFocusBack();
      }}
      returnFocus={false}
      title="Keyboard shortcuts"
      size={640}
      classNames={{ title: classes.title ?? '', body: classes.body ?? '' }}
    >
      {open && <Sheet />}
    </Modal>
  );
}

function Sheet() {
  const stores = useStores();
  const commands = stores.commands.current().filter(({ keys }) => keys !== undefined);
  const groups = COMMAND_GROUPS.map((title) => ({
    title,
    commands: commands.filter(({ group }) => group === title),
  })).filter((group) => group.commands.length > 0);
  return (
    <div className={classes.groups}>
      {groups.map((group) => (
        <section key={group.title} className={classes.group}>
          <h3 className={classes.heading}>{group.title}</h3>
          <dl className={classes.list}>
            {group.commands.map(({ id, title, keys = '' }) => (
              <div key={id} className={classes.line}>
                <dt>{title}</dt>
                <dd>
                  <KeyHint keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
