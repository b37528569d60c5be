import { ActionIcon, Loader, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './guide.module.css';

export interface GuideStep {
  readonly id: string;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** A word or a figure, below the title. */
  readonly result?: ReactNode;
}

export interface GuideProps {
  readonly title: string;
  readonly steps: readonly GuideStep[];
  /** The step that is explained. */
  readonly chosen: string;
  /** Absent where steps can't be chosen. */
  readonly onChoose?: (id: string) => unknown;
  /** What the chosen step shows. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly closeLabel: string;
  readonly onClose: () => void;
}

/**
 * Steps that are ticked as they happen, below the screen they are about, and an explanation of the chosen
 * one.
 */
export function Guide({
  title,
  steps,
  chosen,
  onChoose,
  children,
  actions,
  closeLabel,
  onClose,
}: GuideProps) {
  return (
    <section className={classes.guide} aria-label={title} data-guide>
      <div className={classes.top}>
        <ol className={classes.steps}>
          {steps.map((step, index) => (
            <li key={step.id} className={classes.item}>
              <Step step={step} number={index + 1} chosen={step.id === chosen} onChoose={onChoose} />
            </li>
          ))}
        </ol>
        <Tooltip label={closeLabel}>
          <ActionIcon aria-label={closeLabel} onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.explanation}>
        <p className={classes.words} aria-live="polite">
          <b className={classes.title}>{title}</b>
          {children}
        </p>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </div>
    </section>
  );
}

interface StepProps {
  readonly step: GuideStep;
  readonly number: number;
  readonly chosen: boolean;
  readonly onChoose: ((id: string) => unknown) | undefined;
}

function Step({ step: { id, title, state, result }, number, chosen, onChoose }: StepProps) {
  const content = (
    <>
      <StepMark state={state} number={number} />
      <span className={classes.texts}>
        <span className={classes.name}>{title}</span>
        <span className={classes.result}>{result ?? (state === 'running' ? 'now' : '\u00a0')}</span>
      </span>
    </>
  );
  const attributes = {
    className: classes.step,
    'data-state': state,
    'data-chosen': chosen || undefined,
    'aria-current': chosen ? ('step' as const) : undefined,
  };
  if (onChoose === undefined) return <span {...attributes}>{content}</span>;
  return (
    <button type="button" {...attributes} onClick={() => onChoose(id)}>
      {content}
    </button>
  );
}

const STATE_LABELS = { waiting: 'not started', running: 'running', done: 'done', failed: 'failed' } as const;

/** A step's number until it is done. */
export function StepMark({ state, number }: { state: GuideStep['state']; number: number }) {
  return (
    <span
      className={classes.mark}
      data-state={state}
      role="img"
      aria-label={`${number}, ${STATE_LABELS[state]}`}
    >
      {state === 'waiting' && number}
      {state === 'running' && <Loader size={14} />}
      {state === 'done' && <IconCheck size={13} stroke={2.5} />}
      {state === 'failed' && <IconAlertTriangle size={13} />}
    </span>
  );
}
