import {
  IconChecklist,
  IconDatabase,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconMessage2,
  IconPlayerPlay,
  type IconProps,
  IconPuzzle,
  IconSettings,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { SCREENS, type Screen } from '../../../main/contract/window.ts';

export interface ScreenLook {
  readonly title: string;
  readonly icon: ComponentType<IconProps>;
  /** For the command palette. */
  readonly about: string;
}

export const SCREEN_LOOK: Readonly<Record<Screen, ScreenLook>> = {
  overview: { title: 'Overview', icon: IconLayoutDashboard, about: 'Is my runtime healthy?' },
  plugins: { title: 'Plugins', icon: IconPuzzle, about: 'Loaded and failed plugins' },
  run: { title: 'Run', icon: IconPlayerPlay, about: 'Call a plugin as a persona' },
  traces: { title: 'Traces', icon: IconListDetails, about: 'Every execution, step by step' },
  data: { title: 'Data', icon: IconDatabase, about: 'The plugins’ database' },
  messages: { title: 'Messages', icon: IconMessage2, about: 'What users’ WebSockets were sent' },
  contract: { title: 'Contract', icon: IconChecklist, about: 'Check the runtime against the contract' },
  tokens: { title: 'Tokens', icon: IconKey, about: 'Create, decode and verify tokens' },
  settings: { title: 'Settings', icon: IconSettings, about: 'Current values and their sources' },
};

/** Ctrl/Cmd and a digit, in the order of the rail. */
export function screenKeys(screen: Screen): string {
  return `mod+${SCREENS.indexOf(screen) + 1}`;
}
