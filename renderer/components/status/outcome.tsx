import {
  IconAlertTriangle,
  IconBan,
  IconBolt,
  IconCheck,
  IconClock,
  type IconProps,
  IconUnlink,
  IconX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Outcome } from '../../../main/contract/trace.ts';
import classes from './outcome.module.css';

export interface OutcomeLook {
  readonly word: string;
  readonly icon: ComponentType<IconProps>;
  /** CSS colours: for text and icons, and for a background behind them. */
  readonly color: string;
  readonly soft: string;
}

/** How each outcome looks; the same on every screen. */
export const OUTCOME_LOOK: Readonly<Record<Outcome, OutcomeLook>> = {
  ok: { word: 'ok', icon: IconCheck, color: 'var(--wb-ok)', soft: 'var(--wb-ok-soft)' },
  plugin_error: {
    word: 'plugin error',
    icon: IconAlertTriangle,
    color: 'var(--wb-plugin-error)',
    soft: 'var(--wb-plugin-error-soft)',
  },
  exception: {
    word: 'exception',
    icon: IconX,
    color: 'var(--wb-exception)',
    soft: 'var(--wb-exception-soft)',
  },
  timeout: { word: 'timeout', icon: IconClock, color: 'var(--wb-timeout)', soft: 'var(--wb-timeout-soft)' },
  crashed: { word: 'crashed', icon: IconBolt, color: 'var(--wb-crashed)', soft: 'var(--wb-crashed-soft)' },
  refused: { word: 'refused', icon: IconBan, color: 'var(--wb-refused)', soft: 'var(--wb-refused-soft)' },
  aborted: {
    word: 'aborted',
    icon: IconUnlink,
    color: 'var(--wb-aborted)',
    soft: 'var(--wb-aborted-soft)',
  },
};

export interface OutcomeBadgeProps {
  readonly outcome: Outcome;
  /** `filled` has a soft background; `plain` (for dense lists) is icon and word only. */
  readonly variant?: 'filled' | 'plain';
}

/** An outcome as word, icon and colour. */
export function OutcomeBadge({ outcome, variant = 'filled' }: OutcomeBadgeProps) {
  const { word, icon: Icon, color, soft } = OUTCOME_LOOK[outcome];
  return (
    <span
      className={classes.badge}
      data-variant={variant}
      data-outcome={outcome}
      style={{ color, background: variant === 'filled' ? soft : undefined }}
    >
      <Icon size={13} stroke={2.25} aria-hidden />
      {word}
    </span>
  );
}
