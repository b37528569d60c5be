import { Button, Menu, Tooltip } from '@mantine/core';
import {
  IconChevronDown,
  IconPencil,
  IconPlayerStop,
  IconRepeat,
  IconUserShare,
  IconUsers,
} from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PersonaId, PersonaView } from '../../../../main/contract/run.ts';
import type { Trace } from '../../../../main/contract/trace.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { formatDuration } from '../../../components/text/format.ts';
import { useElapsed } from '../../../components/time/use-elapsed.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { parseRef } from '../../../state/traces/trace-ref.ts';
import { CompareButton } from '../compare/compare-button.tsx';
import { MoreActions } from './more-actions.tsx';
import { personaOf, sentBody } from './replay-model.ts';
import classes from './trace-actions.module.css';

export interface TraceActionsProps {
  readonly trace: Trace;
  /** Its ref, as in addresses. */
  readonly named: string;
}

/** Replay, edit and replay, replay as another persona, compare, and export. */
export function TraceActions({ trace, named }: TraceActionsProps) {
  const { ui, replay, traceRerun } = useStores();
  const personas = usePersonas();
  const fallback = useStore(ui.store, ({ choices }) => choices.persona);
  const running = useStore(replay.store, (state) => state.running);
  const persona = personaOf(trace, personas, fallback);
  const { file } = parseRef(named);
  const whole = sentBody(trace.request.body) !== null;
  const who = personas.find(({ id }) => id === persona)?.label ?? persona;
  const replayAs = (as: PersonaId) => (whole ? replay.start(parseRef(named), as) : undefined);
  const edit = () => traceRerun.edit(trace, persona);
  useReplayCommands({
    trace,
    who,
    unavailable: whole ? null : CUT,
    replay: () => replayAs(persona),
    edit,
  });
  return (
    <div className={classes.actions}>
      {running === null ? (
        <ReplayButton whole={whole} who={who} own={file === null} onClick={() => replayAs(persona)} />
      ) : (
        <CancelReplay startedAt={running.startedAt} />
      )}
      <Tooltip label={whole ? 'Open plugin and body on the Run screen' : CUT}>
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
        onChoose={replayAs}
        onSeveral={() => traceRerun.runAsSeveral(trace)}
      />
      <CompareButton trace={trace} named={named} />
      <MoreActions trace={trace} named={named} persona={persona} />
    </div>
  );
}

interface ReplayCommands {
  readonly trace: Trace;
  /** The persona's label. */
  readonly who: string;
  readonly unavailable: string | null;
  readonly replay: () => unknown;
  readonly edit: () => void;
}

function useReplayCommands({ trace, who, unavailable, replay, edit }: ReplayCommands): void {
  const { traceRerun } = useStores();
  useCommands([
    {
      id: 'trace.replay',
      title: `Replay this trace as ${who}`,
      group: 'This screen',
      icon: IconRepeat,
      keys: 'R',
      unavailable,
      run: replay,
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
      run: () => traceRerun.runAsSeveral(trace),
    },
  ]);
}

const CUT = 'The body was too long to record in full, so it can’t be sent again';

interface ReplayButtonProps {
  /** The trace holds the whole body. */
  readonly whole: boolean;
  /** Label of the persona to send it as. */
  readonly who: string;
  /** False for a trace in a file: the call is then made on this runtime. */
  readonly own: boolean;
  readonly onClick: () => void;
}

function ReplayButton({ whole, who, own, onClick }: ReplayButtonProps) {
  return (
    <Tooltip label={whole ? describeReplay(own, who) : CUT}>
      <Button
        leftSection={<IconRepeat size={14} />}
        rightSection={<KeyHint keys="R" />}
        // Not `disabled`, which would hide the tooltip that says why.
        data-disabled={!whole}
        aria-disabled={!whole}
        onClick={onClick}
      >
        {own ? 'Replay' : 'Replay here'}
      </Button>
    </Tooltip>
  );
}

function describeReplay(own: boolean, who: string): string {
  return own
    ? `Send it again as ${who}; the original token is not stored`
    : `Make the same call on this runtime as ${who}; the new trace belongs to this runtime`;
}

function CancelReplay({ startedAt }: { readonly startedAt: number }) {
  const { replay } = useStores();
  const elapsed = useElapsed(startedAt);
  return (
    <Button leftSection={<IconPlayerStop size={14} />} onClick={replay.cancel} className="tabular">
      Cancel replay · {formatDuration(elapsed)}
    </Button>
  );
}

interface AsPersonaProps {
  readonly personas: readonly PersonaView[];
  readonly disabled: boolean;
  readonly onChoose: (persona: PersonaId) => unknown;
  readonly onSeveral: () => unknown;
}

function AsPersona({ personas, disabled, onChoose, onSeveral }: AsPersonaProps) {
  const { ui } = useStores();
  const hasToken = useStore(ui.store, ({ customToken }) => customToken !== '');
  const describe = ({ id, unavailable, description }: PersonaView) => {
    const needsToken = id === 'custom' && !hasToken;
    return unavailable ?? (needsToken ? 'Paste your token on the Run screen first' : description);
  };
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
          <span className={classes.about}>Compare their answers side by side</span>
        </Menu.Item>
        <Menu.Divider />
        {personas.map((persona) => (
          <Menu.Item
            key={persona.id}
            disabled={persona.unavailable !== null || (persona.id === 'custom' && !hasToken)}
            onClick={() => onChoose(persona.id)}
          >
            {persona.label}
            <span className={classes.about}>{describe(persona)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function usePersonas(): readonly PersonaView[] {
  const { store, refresh } = useStores().personas;
  const personas = useStore(store, (state) => readyValue(state.personas));
  useEffect(() => {
    if (store.getState().personas.state === 'ready') return;
    refresh().catch((error) => console.error('personas not loaded', error));
  }, [store, refresh]);
  return personas ?? NO_PERSONAS;
}

const NO_PERSONAS: readonly PersonaView[] = [];
