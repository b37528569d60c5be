import { Modal } from '@mantine/core';
import { IconArrowRight, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect } from 'react';
import { useStore } from 'zustand';
import { isUnavailable } from '../../state/app/commands.ts';
import { KeyHint } from '../controls/key-hint.tsx';
import { formatCount, showControls } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './palette.module.css';
import type { FoundCommand, FoundGroup } from './palette-search.ts';
import type { PaletteStore } from './palette-store.ts';
import { useFocusBefore } from './use-focus-before.ts';

const LIST = 'palette-list';

/** Every action by name, Ctrl/Cmd+K. */
export function Palette() {
  const stores = useStores();
  const open = useStore(stores.commands.store, (state) => state.open === 'palette');
  const giveFocusBack = useFocusBefore(open);
  const close = () => {
    stores.commands.close();
    giveFocusBack();
  };
  const run = () => {
    const command = stores.palette.activeCommand();
    if (command === undefined || isUnavailable(command)) return;
    close();
    stores.commands.run(command);
  };
  return (
    <Modal.Root
      opened={open}
      onClose={close}
      size={600}
      yOffset={64}
      centered={false}
      radius="lg"
      returnFocus={false}
      transitionProps={{ duration: 100 }}
      classNames={{ content: classes.content ?? '' }}
    >
      <Modal.Overlay backgroundOpacity={0.35} blur={0} />
      <Modal.Content aria-label="Command palette">
        <Search onRun={run} />
        <Found onRun={run} />
        <Foot />
      </Modal.Content>
    </Modal.Root>
  );
}

interface RunProps {
  /** Runs the active command. */
  readonly onRun: () => void;
}

function Search({ onRun }: RunProps) {
  const stores = useStores();
  const { query, active } = useStore(stores.palette.store);
  useEffect(stores.palette.reset, []);
  return (
    <div className={classes.search}>
      <IconSearch size={16} stroke={1.75} aria-hidden />
      <input
        data-autofocus
        className={classes.input}
        role="combobox"
        aria-label="Search commands"
        aria-expanded
        aria-controls={LIST}
        aria-autocomplete="list"
        aria-activedescendant={active === null ? undefined : optionId(active)}
        placeholder="Go to a screen, run a plugin, open a trace by its id…"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => stores.palette.setQuery(event.currentTarget.value)}
        onKeyDown={(event) => press(event, stores.palette, onRun)}
      />
      <KeyHint keys="Esc" />
    </div>
  );
}

function press(event: KeyboardEvent, palette: PaletteStore, run: () => void): void {
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
  if (step !== undefined) {
    event.preventDefault();
    palette.moveActive(step);
  } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
    event.preventDefault();
    run();
  }
}

function Found({ onRun }: RunProps) {
  const stores = useStores();
  const { query, groups, active } = useStore(stores.palette.store);
  useEffect(() => {
    if (active !== null) document.getElementById(optionId(active))?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div className={classes.list} id={LIST} role="listbox" aria-label="Commands" tabIndex={-1}>
      {groups.map((group) => (
        <Group key={group.title} group={group} active={active} onRun={onRun} />
      ))}
      {groups.length === 0 && <p className={classes.none}>No results for “{query.trim()}”.</p>}
    </div>
  );
}

interface GroupProps extends RunProps {
  readonly group: FoundGroup;
  readonly active: string | null;
}

function Group({ group, active, onRun }: GroupProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options, not a form's fieldset
    <div role="group" aria-label={group.title}>
      <div className={classes.group} aria-hidden>
        {group.title}
        {group.more > 0 && <span className={classes.more}>{formatCount(group.more)} more by name</span>}
      </div>
      {group.found.map((found) => (
        <Option key={found.command.id} found={found} active={found.command.id === active} onRun={onRun} />
      ))}
    </div>
  );
}

function optionId(id: string): string {
  return `command-${id}`;
}

interface OptionProps extends RunProps {
  readonly found: FoundCommand;
  readonly active: boolean;
}

function Option({ found, active, onRun }: OptionProps) {
  const stores = useStores();
  const { command, hits } = found;
  const { id, title, about, icon: Icon = IconArrowRight, keys, unavailable } = command;
  const second = unavailable ?? about;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
    <div
      id={optionId(id)}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-disabled={isUnavailable(command)}
      className={classes.option}
      onPointerMove={() => stores.palette.setActive(id)}
      onClick={onRun}
    >
      <Icon size={16} stroke={1.75} aria-hidden className={classes.icon} />
      <span className={classes.label}>
        <Marked text={title} hits={hits} />
      </span>
      {second !== undefined && second !== null && (
        <span className={classes.about}>{showControls(second)}</span>
      )}
      {keys !== undefined && <KeyHint keys={keys} />}
    </div>
  );
}

/** A title with the letters that were hit set off. */
function Marked({ text, hits }: { readonly text: string; readonly hits: ReadonlySet<number> }) {
  if (hits.size === 0) return showControls(text);
  const runs: { readonly at: number; readonly hit: boolean; text: string }[] = [];
  for (let at = 0; at < text.length; at++) {
    const last = runs.at(-1);
    if (last?.hit === hits.has(at)) last.text += text[at];
    else runs.push({ at, hit: hits.has(at), text: text[at] ?? '' });
  }
  return runs.map(({ at, hit, text: part }) =>
    hit ? (
      <mark key={at} className={classes.hit}>
        {showControls(part)}
      </mark>
    ) : (
      <span key={at}>{showControls(part)}</span>
    ),
  );
}

function Foot() {
  return (
    <div className={classes.foot} aria-hidden>
      <span>
        <KeyHint keys="↑" /> <KeyHint keys="↓" /> select
      </span>
      <span>
        <KeyHint keys="Enter" /> run
      </span>
      <span>
        <KeyHint keys="?" /> all shortcuts, outside text fields
      </span>
    </div>
  );
}
