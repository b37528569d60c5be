import { ActionIcon, Input, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconAlignLeft, IconDeviceFloppy, IconInfoCircle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { JsonEditor } from '../../../components/json/json-editor.tsx';
import { showControls } from '../../../components/text/format.ts';
import { openSampleDialog, saveBody } from '../samples/sample-actions.ts';
import { SampleMenu } from '../samples/sample-menu.tsx';
import { followSamples, samplesStore, standingOf } from '../samples/samples-store.ts';
import classes from './body-field.module.css';
import { type BodyNote, bodyMarks, bodyNotes, type Sending } from './body-notes.ts';
import { formatBody, writeBody } from './run-body.ts';
import { ownValue, runChoices } from './run-choices.ts';

export interface BodyFieldProps {
  readonly plugin: string;
  readonly body: string;
  readonly sending: Sending;
  readonly onSubmit: () => void;
}

/** The JSON body, the sample it came from, and how the runtime will treat it. */
export function BodyField({ plugin, body, sending, onSubmit }: BodyFieldProps) {
  const standing = useStanding(plugin, body);
  const { route, hasToken } = sending;
  const notes = useMemo(() => bodyNotes(body, { route, hasToken }), [body, route, hasToken]);
  const unsaved = standing.kind !== 'same';
  useSampleCommands(plugin);
  return (
    <div className={classes.body}>
      <div className={classes.head}>
        <Input.Label component="span" className={classes.label ?? ''}>
          JSON body
        </Input.Label>
        <SampleMenu plugin={plugin} standing={standing} />
        <span className={classes.tools}>
          <Tool label="Format" keys="mod+shift+F" onClick={() => formatBody(plugin)}>
            <IconAlignLeft size={15} />
          </Tool>
          <Tool
            label="Save as sample"
            keys="mod+S"
            marked={unsaved && standing.kind !== 'none'}
            onClick={() => saveBody(plugin)}
          >
            <IconDeviceFloppy size={15} />
          </Tool>
        </span>
      </div>
      <div className={classes.editor}>
        <JsonEditor
          label="JSON body"
          value={body}
          onChange={(text) => writeBody(plugin, text)}
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

function useStanding(plugin: string, body: string) {
  const chosen = useStore(runChoices, ({ samples }) => ownValue(samples, plugin));
  const list = useStore(samplesStore, ({ byPlugin }) => byPlugin.get(plugin));
  useEffect(() => (plugin === '' ? undefined : followSamples(plugin)), [plugin]);
  return useMemo(() => standingOf(body, chosen, list), [body, chosen, list]);
}

function useSampleCommands(plugin: string): void {
  const unavailable = plugin === '' ? 'Select a plugin first' : null;
  useCommands([
    {
      id: 'run.save',
      title: 'Save the body as a sample',
      group: 'This screen',
      icon: IconDeviceFloppy,
      keys: 'mod+S',
      unavailable,
      run: () => saveBody(plugin),
    },
    {
      id: 'run.save-as',
      title: 'Save the body as another sample…',
      group: 'This screen',
      icon: IconDeviceFloppy,
      keys: 'mod+shift+S',
      unavailable,
      run: () => openSampleDialog({ kind: 'save-as', plugin }),
    },
    {
      id: 'run.format',
      title: 'Format the body',
      group: 'This screen',
      icon: IconAlignLeft,
      keys: 'mod+shift+F',
      run: () => formatBody(plugin),
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
