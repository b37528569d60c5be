import { ActionIcon, Input, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconAlignLeft, IconDeviceFloppy, IconInfoCircle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { JsonEditor } from '../../../components/json/json-editor.tsx';
import { showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { ownValue } from '../../../state/run/form-store.ts';
import { sampleStatus } from '../../../state/run/samples-store.ts';
import { SampleMenu } from '../samples/sample-menu.tsx';
import classes from './body-field.module.css';
import { type BodyNote, bodyMarks, bodyNotes, type Sending } from './body-notes.ts';

export interface BodyFieldProps {
  readonly plugin: string;
  readonly body: string;
  readonly sending: Sending;
  readonly onSubmit: () => void;
}

/** The JSON body, the sample it came from, and how the runtime will treat it. */
export function BodyField({ plugin, body, sending, onSubmit }: BodyFieldProps) {
  const { runForm, sampleDialog } = useStores();
  const status = useSampleStatus(plugin, body);
  const { route, hasToken } = sending;
  const notes = useMemo(() => bodyNotes(body, { route, hasToken }), [body, route, hasToken]);
  const unsaved = status.kind !== 'same';
  useSampleCommands(plugin);
  return (
    <div className={classes.body}>
      <div className={classes.head}>
        <Input.Label component="span" className={classes.label ?? ''}>
          JSON body
        </Input.Label>
        <SampleMenu plugin={plugin} status={status} />
        <span className={classes.tools}>
          <Tool label="Format" keys="mod+shift+F" onClick={() => runForm.formatBody(plugin)}>
            <IconAlignLeft size={15} />
          </Tool>
          <Tool
            label="Save as sample"
            keys="mod+S"
            marked={unsaved && status.kind !== 'none'}
            onClick={() => sampleDialog.saveBody(plugin)}
          >
            <IconDeviceFloppy size={15} />
          </Tool>
        </span>
      </div>
      <div className={classes.editor}>
        <JsonEditor
          label="JSON body"
          value={body}
          onChange={(text) => runForm.writeBody(plugin, text)}
          onSubmit={onSubmit}
          marksOf={bodyMarks}
        />
      </div>
      <div className={classes.notes} aria-live="polite">
        {notes.map((note) => (
          <Note key={note.text} note={note} />
        ))}
      </div>
    </div>
  );
}

function useSampleStatus(plugin: string, body: string) {
  const { runForm, samples } = useStores();
  const chosen = useStore(runForm.store, ({ choices }) => ownValue(choices.samples, plugin));
  const list = useStore(samples.store, ({ byPlugin }) => byPlugin.get(plugin));
  useEffect(() => (plugin === '' ? undefined : samples.follow(plugin)), [plugin, samples]);
  return useMemo(() => sampleStatus(body, chosen, list), [body, chosen, list]);
}

function useSampleCommands(plugin: string): void {
  const { runForm, sampleDialog } = useStores();
  const unavailable = plugin === '' ? 'Select a plugin first' : null;
  useCommands([
    {
      id: 'run.save',
      title: 'Save the body as a sample',
      group: 'This screen',
      icon: IconDeviceFloppy,
      keys: 'mod+S',
      unavailable,
      run: () => sampleDialog.saveBody(plugin),
    },
    {
      id: 'run.save-as',
      title: 'Save the body as another sample…',
      group: 'This screen',
      icon: IconDeviceFloppy,
      keys: 'mod+shift+S',
      unavailable,
      run: () => sampleDialog.open({ kind: 'save-as', plugin }),
    },
    {
      id: 'run.format',
      title: 'Format the body',
      group: 'This screen',
      icon: IconAlignLeft,
      keys: 'mod+shift+F',
      run: () => runForm.formatBody(plugin),
    },
  ]);
}

interface ToolProps {
  readonly label: string;
  readonly keys: string;
  /** Shows a dot: there are unsaved changes. */
  readonly marked?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ label, keys, marked = false, onClick, children }: ToolProps) {
  return (
    <Tooltip
      label={
        <>
          {label} <KeyHint keys={keys} />
        </>
      }
    >
      <ActionIcon
        aria-label={label}
        data-marked={marked || undefined}
        className={classes.tool ?? ''}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function Note({ note: { tone, text } }: { readonly note: BodyNote }) {
  const Icon = tone === 'bad' ? IconAlertTriangle : IconInfoCircle;
  return (
    <span className={classes.note} data-tone={tone}>
      <Icon size={14} aria-hidden />
      <span>{showControls(text)}</span>
    </span>
  );
}
