import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconHistory } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { showControls } from '../../components/format.ts';
import classes from './run-form.module.css';
import { sentBodies } from './sent-bodies.ts';

const NO_BODIES: readonly string[] = [];
const EMPTY_BODY = '{}';
const SHOWN = 120;

export interface BodyMenuProps {
  readonly plugin: string;
  readonly onChoose: (body: string) => void;
}

/** The empty object, and the bodies last sent to this plugin. */
export function BodyMenu({ plugin, onChoose }: BodyMenuProps) {
  const bodies = useStore(sentBodies, ({ byPlugin }) =>
    Object.hasOwn(byPlugin, plugin) ? (byPlugin[plugin] ?? NO_BODIES) : NO_BODIES,
  );
  const sent = bodies.filter((body) => body !== EMPTY_BODY);
  return (
    <Menu width={340}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconHistory size={14} />}
          rightSection={<IconChevronDown size={14} />}
        >
          Bodies
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChoose(EMPTY_BODY)}>
          <span className={classes.sample}>{EMPTY_BODY}</span>
        </Menu.Item>
        <Menu.Label>{sent.length === 0 ? 'What you send will be kept here' : 'Sent before'}</Menu.Label>
        {sent.map((body) => (
          <Menu.Item key={body} onClick={() => onChoose(body)}>
            <span className={classes.sample}>{oneLine(body)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function oneLine(body: string): string {
  const text = body.replace(/\s+/g, ' ').trim();
  return text === '' ? '(empty)' : showControls(text.slice(0, SHOWN));
}
