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

/** The colours are tokens of theme.css, named like the outcome. */
function look(word: string, icon: ComponentType<IconProps>, token = word): OutcomeLook {
  return { word, icon, color: `var(--wb-${token})`, soft: `var(--wb-${token}-soft)` };
}

/** How each outcome looks; the same on every screen. */
export const OUTCOME_LOOK: Readonly<Record<Outcome, OutcomeLook>> = {
  ok: look('ok', IconCheck),
  plugin_error: look('plugin error', IconAlertTriangle, 'plugin-error'),
  exception: look('exception', IconX),
  timeout: look('timeout', IconClock),
  crashed: look('crashed', IconBolt),
  refused: look('refused', IconBan),
  aborted: look('aborted', IconUnlink),
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
