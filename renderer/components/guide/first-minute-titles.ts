import type { MinuteStep } from '../../state/app/first-minute.ts';

export const MINUTE_TITLES: Readonly<Record<MinuteStep, string>> = {
  create: 'Create it',
  open: 'Open it',
  call: 'Call it',
  context: 'See its context',
  change: 'Change it',
};
