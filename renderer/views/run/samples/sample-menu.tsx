import { Button, Menu } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBraces,
  IconCheck,
  IconChevronDown,
  IconDeviceFloppy,
  IconFile,
  IconFilePlus,
  IconHistory,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Sample } from '../../../../main/contract/sample.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { EMPTY_BODY, ownValue } from '../../../state/run/form-store.ts';
import type { SampleStatus } from '../../../state/run/samples-store.ts';
import classes from './sample-menu.module.css';

const ICON = { size: 14, 'aria-hidden': true } as const;
const NO_BODIES: readonly string[] = [];
const MAX_SENT = 5;
const PREVIEW = 90;

export interface SampleMenuProps {
  readonly plugin: string;
  readonly status: SampleStatus;
}

const STATUS_LABELS = {
  same: null,
  edited: 'edited',
  changed: 'changed on disk',
  gone: 'deleted from disk',
} as const;

/** The sample the body came from and all others; save, rename, delete. */
export function SampleMenu({ plugin, status }: SampleMenuProps) {
  const name = status.kind === 'none' ? null : status.name;
  const mark = status.kind === 'none' ? null : STATUS_LABELS[status.kind];
  return (
    <Menu width={360} position="bottom-start" classNames={{ itemLabel: classes.itemLabel ?? '' }}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className={classes.target ?? ''}
          leftSection={<IconBraces {...ICON} />}
          rightSection={<IconChevronDown {...ICON} />}
          disabled={plugin === ''}
          aria-label={name === null ? 'Samples' : `Sample ${name}${mark === null ? '' : ` ${mark}`}`}
        >
          <span className={classes.name}>{name ?? 'Samples'}</span>{' '}
          {mark !== null && (
            <span className={classes.standing} data-kind={status.kind}>
              {mark}
            </span>
          )}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown ?? ''}>
        <Menu.Label>
          Samples in <span className="mono">{plugin}/samples</span>
        </Menu.Label>
        <SampleItems plugin={plugin} present={name} />
        <Menu.Divider />
        <FileItems plugin={plugin} status={status} />
        <Menu.Divider />
        <EarlierItems plugin={plugin} />
      </Menu.Dropdown>
    </Menu>
  );
}

function SampleItems({ plugin, present }: { readonly plugin: string; readonly present: string | null }) {
  const { store, load } = useStores().samples;
  const list = useStore(store, ({ byPlugin }) => byPlugin.get(plugin));
  if (list === undefined || list.state === 'loading') return <p className={classes.words}>Loading…</p>;
  if (list.state === 'failed') {
    return (
      <>
        <p className={classes.words} role="alert">
          {showControls(list.error.message)}
        </p>
        <Menu.Item closeMenuOnClick={false} onClick={() => load(plugin)}>
          Retry
        </Menu.Item>
      </>
    );
  }
  const { samples, notice } = list.value;
  if (samples.length === 0) {
    return (
      <p className={classes.words}>No samples yet. “Save as” stores the body as a file you can commit.</p>
    );
  }
  return (
    <>
      {samples.map((sample) => (
        <SampleItem key={sample.name} plugin={plugin} sample={sample} isPresent={sample.name === present} />
      ))}
      {notice !== null && <p className={classes.words}>{notice}</p>}
    </>
  );
}

interface SampleItemProps {
  readonly plugin: string;
  readonly sample: Sample;
  readonly isPresent: boolean;
}

function SampleItem({ plugin, sample, isPresent }: SampleItemProps) {
  const { samples } = useStores();
  const { name, text, problem } = sample;
  const Icon = isPresent ? IconCheck : IconFile;
  return (
    <Menu.Item
      leftSection={problem === null ? <Icon {...ICON} /> : <IconAlertTriangle {...ICON} />}
      disabled={text === null}
      data-broken={problem !== null || undefined}
      onClick={() => samples.open(plugin, sample)}
    >
      <Line
        title={showControls(name)}
        about={showControls(problem ?? oneLine(text ?? ''))}
        mono={problem === null}
      />
    </Menu.Item>
  );
}

function FileItems({ plugin, status }: SampleMenuProps) {
  const { sampleDialog } = useStores();
  const name = status.kind === 'none' || status.kind === 'gone' ? null : status.name;
  return (
    <>
      {status.kind !== 'none' && (
        <Menu.Item
          leftSection={<IconDeviceFloppy {...ICON} />}
          rightSection={<KeyHint keys="mod+S" />}
          disabled={status.kind === 'same'}
          onClick={() => sampleDialog.saveBody(plugin)}
        >
          Save {status.name}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconFilePlus {...ICON} />}
        rightSection={<KeyHint keys={status.kind === 'none' ? 'mod+S' : 'mod+shift+S'} />}
        onClick={() => sampleDialog.open({ kind: 'save-as', plugin })}
      >
        Save as…
      </Menu.Item>
      {name !== null && (
        <>
          <Menu.Item
            leftSection={<IconPencil {...ICON} />}
            onClick={() => sampleDialog.open({ kind: 'rename', plugin, name })}
          >
            Rename {name}…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash {...ICON} />}
            onClick={() => sampleDialog.open({ kind: 'delete', plugin, name })}
          >
            Delete {name}…
          </Menu.Item>
        </>
      )}
    </>
  );
}

function EarlierItems({ plugin }: { readonly plugin: string }) {
  const { runForm, samples } = useStores();
  const bodies = useStore(runForm.store, ({ sentBodies }) => ownValue(sentBodies, plugin) ?? NO_BODIES);
  const earlier = bodies.filter((body) => body !== EMPTY_BODY).slice(0, MAX_SENT);
  return (
    <>
      <Menu.Label>Bodies without a file</Menu.Label>
      {[EMPTY_BODY, ...earlier].map((body) => (
        <Menu.Item
          key={body}
          leftSection={<IconHistory {...ICON} />}
          onClick={() => samples.openBody(plugin, body)}
        >
          <Line title={null} about={showControls(oneLine(body))} mono />
        </Menu.Item>
      ))}
    </>
  );
}

interface LineProps {
  readonly title: ReactNode;
  readonly about: string;
  readonly mono: boolean;
}

function Line({ title, about, mono }: LineProps) {
  return (
    <span className={classes.line}>
      {title !== null && <span className={classes.title}>{title}</span>}
      <span className={classes.about} data-mono={mono || undefined} data-alone={title === null || undefined}>
        {about}
      </span>
    </span>
  );
}

function oneLine(body: string): string {
  const text = body
    .slice(0, 4 * PREVIEW)
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? '(empty)' : text.slice(0, PREVIEW);
}
