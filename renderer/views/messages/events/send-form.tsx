import { Autocomplete, Button, Input, Select } from '@mantine/core';
import { IconAlertTriangle, IconSend } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { RUNTIME_EVENTS, warnOfEventName } from '../../../../main/contract/event-bus.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { JsonEditor } from '../../../components/json/json-editor.tsx';
import { showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { publishedNames } from '../../../state/messages/event-store.ts';
import classes from './send-form.module.css';
import { useEvents } from './use-events.ts';
import { useSubscribedEvents } from './use-subscribed-events.ts';

const RUNTIME = 'The runtime';
/** No plugin can have this name. */
const AS_RUNTIME = '';

/** Sends an event to the subscribers of every plugin. */
export function SendForm() {
  const events = useEvents();
  const form = useStore(events.store, (state) => state.form);
  const sending = useStore(events.store, (state) => state.sending);
  const problem = useStore(events.store, (state) => state.problem);
  const [offering, setOffering] = useState(false);
  const unavailable = form.name.trim() === '' ? 'Name the event first' : null;
  useCommands([
    {
      id: 'events.send',
      title: 'Send the event of the form',
      group: 'This screen',
      icon: IconSend,
      keys: 'mod+Enter',
      unavailable,
      run: events.send,
    },
  ]);
  return (
    <form
      className={classes.form}
      aria-label="Send event"
      onSubmit={(event) => {
        event.preventDefault();
        setOffering(false);
        return events.send();
      }}
    >
      <h2 className={classes.title}>Send event</h2>
      <div className={classes.fields}>
        <NameField name={form.name} offering={offering} onOffering={setOffering} />
        <AsField as={form.as} />
      </div>
      <Warning name={form.name.trim()} />
      <Input.Label component="span" className={classes.label ?? ''}>
        Data
      </Input.Label>
      <div className={classes.editor}>
        <JsonEditor
          label="Data of the event"
          value={form.data}
          onChange={(data) => events.edit({ data })}
          onSubmit={events.send}
          height="132px"
        />
      </div>
      {problem !== null && (
        <p className={classes.problem} role="alert">
          {showControls(problem)}
        </p>
      )}
      <Button
        type="submit"
        variant="filled"
        leftSection={<IconSend size={14} />}
        disabled={unavailable !== null}
        loading={sending}
      >
        Send event
      </Button>
    </form>
  );
}

interface NameFieldProps {
  readonly name: string;
  /** The list of known names is open. */
  readonly offering: boolean;
  readonly onOffering: (offering: boolean) => void;
}

function NameField({ name, offering, onOffering }: NameFieldProps) {
  const events = useEvents();
  const field = useRef<HTMLInputElement>(null);
  const requests = useStore(events.store, ({ focusRequests }) => focusRequests);
  const subscribed = useSubscribedEvents();
  const { ui } = useStores();
  const isAsked = useStore(ui.store, ({ route }) => route.params.focus === 'name');
  useEffect(() => {
    if (requests > 0) field.current?.focus();
  }, [requests]);
  useEffect(() => {
    if (!isAsked) return;
    field.current?.focus();
    ui.setParams({ focus: null });
  }, [isAsked, ui]);
  const data = useMemo(() => groupsOf(subscribed.map(({ event }) => event)), [subscribed]);
  return (
    <Autocomplete
      ref={field}
      label="Name"
      placeholder="film:added"
      data={data}
      value={name}
      maxLength={200}
      maxDropdownHeight={280}
      spellCheck={false}
      onChange={events.chooseName}
      dropdownOpened={offering}
      onDropdownOpen={() => onOffering(true)}
      onDropdownClose={() => onOffering(false)}
    />
  );
}

/** A name is in one group: those with subscribers come first. */
function groupsOf(subscribed: readonly string[]) {
  const others = RUNTIME_EVENTS.map(({ name }) => name).filter((name) => !subscribed.includes(name));
  return [
    { group: 'With subscribers', items: [...subscribed] },
    { group: 'Published by production’s runtime', items: others },
  ].filter(({ items }) => items.length > 0);
}

function AsField({ as }: { readonly as: string | null }) {
  const events = useEvents();
  const { runtime } = useStores();
  const plugins = useStore(runtime.store, ({ snapshot }) => readyValue(snapshot)?.plugins);
  const names = (plugins ?? []).map(({ name }) => name);
  // One that is gone stays chosen, and sending says so.
  const all = as === null || names.includes(as) ? names : [as, ...names];
  return (
    <Select
      label="As"
      data={[{ value: AS_RUNTIME, label: RUNTIME }, ...all.map((name) => ({ value: name, label: name }))]}
      value={as ?? AS_RUNTIME}
      allowDeselect={false}
      onChange={(chosen) => events.edit({ as: chosen === null || chosen === AS_RUNTIME ? null : chosen })}
    />
  );
}

function Warning({ name }: { readonly name: string }) {
  const events = useEvents();
  const load = useStore(events.store, (state) => state.events);
  const published = useMemo(() => publishedNames(readyValue(load) ?? []), [load]);
  const text = name === '' ? null : warnOfEventName(name, published);
  return (
    <div aria-live="polite">
      {text !== null && (
        <p className={classes.warning}>
          <IconAlertTriangle size={14} aria-hidden className={classes.icon} />
          {text}
        </p>
      )}
    </div>
  );
}
