import {
  IconArrowsDiff,
  IconCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconLock,
  IconPlayerPause,
  type IconProps,
  IconX,
} from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import type { Verdict } from '../../../main/contract/conformance.ts';
import type { PluginStatus } from '../../../main/contract/plugin-view.ts';
import classes from '../status/outcome.module.css';

type Tone = 'good' | 'warn' | 'bad' | 'note' | 'quiet';

const TONE_COLOR: Readonly<Record<Tone, string>> = {
  good: 'var(--wb-ok)',
  warn: 'var(--wb-plugin-error)',
  bad: 'var(--wb-exception)',
  note: 'var(--wb-refused)',
  quiet: 'var(--wb-dim)',
};

interface Look {
  readonly word: string;
  readonly icon: ComponentType<IconProps>;
  readonly tone: Tone;
}

/** A state as icon, word and colour. */
function Mark({
  tone,
  icon: Icon,
  children,
}: {
  tone: Tone;
  icon: ComponentType<IconProps>;
  children: ReactNode;
}) {
  return (
    <span className={classes.badge} style={{ color: TONE_COLOR[tone] }}>
      <Icon size={14} stroke={2} aria-hidden />
      {children}
    </span>
  );
}

const STATUS_LOOK: Readonly<Record<PluginStatus, Look>> = {
  loading: { word: 'loading', icon: IconCircleDashed, tone: 'quiet' },
  loaded: { word: 'loaded', icon: IconCheck, tone: 'good' },
  parked: { word: 'parked', icon: IconPlayerPause, tone: 'quiet' },
  failed: { word: 'failed', icon: IconX, tone: 'bad' },
  disabled: { word: 'disabled', icon: IconCircleMinus, tone: 'quiet' },
  quarantined: { word: 'quarantined', icon: IconLock, tone: 'warn' },
};

/** A plugin's status. */
export function StatusMark({ status }: { status: PluginStatus }) {
  const { word, icon, tone } = STATUS_LOOK[status];
  return (
    <Mark tone={tone} icon={icon}>
      {word}
    </Mark>
  );
}

const VERDICT_LOOK: Readonly<Record<Verdict, Look>> = {
  passed: { word: 'passed', icon: IconCheck, tone: 'good' },
  differs: { word: 'differs', icon: IconArrowsDiff, tone: 'warn' },
  failed: { word: 'failed', icon: IconX, tone: 'bad' },
  skipped: { word: 'skipped', icon: IconCircleMinus, tone: 'quiet' },
};

/** The verdict of a contract check or of a token check. */
export function VerdictMark({ verdict, word }: { verdict: Verdict; word?: string | undefined }) {
  const look = VERDICT_LOOK[verdict];
  return (
    <Mark tone={look.tone} icon={look.icon}>
      {word ?? look.word}
    </Mark>
  );
}
