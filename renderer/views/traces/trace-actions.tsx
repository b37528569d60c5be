import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import {
  IconChevronDown,
  IconPencil,
  IconPlayerStop,
  IconRepeat,
  IconTerminal2,
  IconUserShare,
  IconUsers,
} from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PersonaId, PersonaView } from '../../../main/contract/run.ts';
import type { Trace } from '../../../main/contract/trace.ts';
import { call } from '../../bridge.ts';
import { formatDuration } from '../../components/format.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useCommands } from '../../components/use-commands.ts';
import { copyText } from '../../page.ts';
import { announce } from '../../state/announcements.ts';
import { readyValue, toFailure } from '../../state/loadable.ts';
import { personaStore, refreshPersonas } from '../../state/personas.ts';
import { uiStore } from '../../state/ui.ts';
import { editAndReplay, replayAsSeveral, routeOf } from '../run/from-trace.ts';
import { useElapsed } from '../run/use-elapsed.ts';
import { personaOf, sentBody } from './replay-model.ts';
import { cancelReplay, replayStore, replayTrace } from './replay-store.ts';
import classes from './trace-actions.module.css';

/** Replay, edit and replay, replay as somebody else, copy as curl. */
export function TraceActions({ trace }: { readonly trace: Trace }) {
  const personas = usePersonas();
  const fallback = useStore(uiStore, ({ choices }) => choices.persona);
  const running = useStore(replayStore, (state) => state.running);
  const persona = personaOf(trace, personas, fallback);
  const whole = sentBody(trace.request.body) !== null;
  const who = personas.find(({ id }) => id === persona)?.label ?? persona;
  const replay = (as: PersonaId) => {
    if (whole) replayTrace(trace.id, as).catch((error) => console.error('replay failed', error));
  };
  const edit = () => editAndReplay(trace, persona);
  const unavailable = whole ? null : CUT;
  useCommands([
    {
      id: 'trace.replay',
      title: `Replay this trace as ${who}`,
      group: 'This screen',
      icon: IconRepeat,
      keys: 'R',
      unavailable,
      run: () => replay(persona),
    },
    {
      id: 'trace.edit',
      title: 'Edit and replay this trace',
      group: 'This screen',
      icon: IconPencil,
      keys: 'E',
      unavailable,
      run: edit,
    },
    {
      id: 'trace.several',
      title: 'Replay this trace as several personas and compare',
      group: 'This screen',
      icon: IconUsers,
      keys: 'M',
      unavailable,
      run: () => replayAsSeveral(trace),
    },
    {
      id: 'trace.curl',
      title: 'Copy this trace as curl',
      group: 'This screen',
      icon: IconTerminal2,
      unavailable,
      run: () => copyAsCurl(trace, persona),
    },
  ]);
  return (
    <div className={classes.actions}>
      {running === null ? (
        <ReplayButton whole={whole} who={who} onClick={() => replay(persona)} />
      ) : (
        <CancelReplay startedAt={running.startedAt} />
      )}
      <Tooltip label={CUT} disabled={whole}>
        <Button
          leftSection={<IconPencil size={14} />}
          rightSection={<KeyHint keys="E" />}
          // Not `disabled`, which would hide the tooltip that says why.
          data-disabled={!whole}
          aria-disabled={!whole}
          onClick={edit}
        >
          Edit & replay
        </Button>
      </Tooltip>
      <AsPersona
        personas={personas}
        disabled={!whole || running !== null}
        onChoose={replay}
        onSeveral={() => replayAsSeveral(trace)}
      />
      <CopyCurl whole={whole} onClick={() => copyAsCurl(trace, persona)} />
    </div>
  );
}

const CUT = 'The body was too long to be kept whole, so it can’t be sent again';

interface ReplayButtonProps {
  /** The trace holds the whole body. */
  readonly whole: boolean;
  /** Label of the persona that it will be sent as. */
  readonly who: string;
  readonly onClick: () => void;
}

function ReplayButton({ whole, who, onClick }: ReplayButtonProps) {
  return (
    <Tooltip label={whole ? `Send it again as ${who}; the original token is not kept` : CUT}>
      <Button
        leftSection={<IconRepeat size={14} />}
        rightSection={<KeyHint keys="R" />}
        // Not `disabled`, which would hide the tooltip that says why.
        data-disabled={!whole}
        aria-disabled={!whole}
        onClick={onClick}
      >
        Replay
      </Button>
    </Tooltip>
  );
}

function CopyCurl({ whole, onClick }: { readonly whole: boolean; readonly onClick: () => void }) {
  return (
    <Tooltip label={whole ? 'Copy as curl' : CUT}>
      <ActionIcon
        variant="default"
        size={28}
        aria-label="Copy as curl"
        data-disabled={!whole}
        aria-disabled={!whole}
        onClick={onClick}
      >
        <IconTerminal2 size={15} />
      </ActionIcon>
    </Tooltip>
  );
}

function CancelReplay({ startedAt }: { readonly startedAt: number }) {
  const elapsed = useElapsed(startedAt);
  return (
    <Button leftSection={<IconPlayerStop size={14} />} onClick={cancelReplay} className="tabular">
      Cancel replay · {formatDuration(elapsed)}
    </Button>
  );
}

interface AsPersonaProps {
  readonly personas: readonly PersonaView[];
  readonly disabled: boolean;
  readonly onChoose: (persona: PersonaId) => void;
  readonly onSeveral: () => void;
}

function AsPersona({ personas, disabled, onChoose, onSeveral }: AsPersonaProps) {
  const hasToken = useStore(uiStore, ({ customToken }) => customToken !== '');
  const why = ({ id, unavailable, description }: PersonaView) =>
    unavailable ?? (id === 'custom' && !hasToken ? 'Paste your token on the Run screen first' : description);
  return (
    <Menu position="bottom-start" width={300}>
      <Menu.Target>
        <Button
          leftSection={<IconUserShare size={14} />}
          rightSection={<IconChevronDown size={14} />}
          disabled={disabled}
        >
          As persona
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} className={classes.menu}>
        <Menu.Item rightSection={<KeyHint keys="M" />} onClick={onSeveral}>
          Several at once
          <span className={classes.about}>Compare their answers beside each other</span>
        </Menu.Item>
        <Menu.Divider />
        {personas.map((persona) => (
          <Menu.Item
            key={persona.id}
            disabled={persona.unavailable !== null || (persona.id === 'custom' && !hasToken)}
            onClick={() => onChoose(persona.id)}
          >
            {persona.label}
            <span className={classes.about}>{why(persona)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function usePersonas(): readonly PersonaView[] {
  const personas = useStore(personaStore, (state) => readyValue(state.personas));
  useEffect(() => {
    if (personaStore.getState().personas.state !== 'ready') {
      refreshPersonas().catch((error) => console.error('personas not loaded', error));
    }
  }, []);
  return personas ?? NO_PERSONAS;
}

const NO_PERSONAS: readonly PersonaView[] = [];

async function copyAsCurl(trace: Trace, persona: PersonaId): Promise<void> {
  const { customToken } = uiStore.getState();
  const token = persona === 'custom' ? { token: customToken } : {};
  const body = sentBody(trace.request.body);
  if (body === null) return;
  try {
    const command = await call('runAsCurl', {
      plugin: trace.plugin,
      route: routeOf(trace),
      body,
      persona,
      revealToken: false,
      ...token,
    });
    await copyText(command);
    announce({ tone: 'good', title: 'Copied as curl', text: '', key: 'curl' });
  } catch (error) {
    announce({ tone: 'bad', title: 'Not copied', text: toFailure(error).message, key: 'curl' });
  }
}
