import { IconPresentation } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useCommands } from '../../components/controls/use-commands.ts';
import type { Command } from '../../state/app/commands.ts';
import { demoStore, showContract } from '../../state/app/demo.ts';
import { firstMinuteStore } from '../../state/app/first-minute.ts';
import { DemoGuide } from './demo-guide.tsx';
import { FirstMinuteGuide } from './first-minute-guide.tsx';

const SHOW_CONTRACT: Command = {
  id: 'demo.start',
  title: 'Show the contract',
  group: 'Contract',
  about: 'Sample traffic: a spoof attempt, an expired token, a timeout, a hot reload',
  words: 'demo demonstration tour example',
  icon: IconPresentation,
  run: showContract,
};

/** The guide that is under way, below whatever screen is open. */
export function Guides() {
  const demo = useStore(demoStore, ({ phase }) => phase !== 'off');
  const minute = useStore(firstMinuteStore, ({ phase }) => phase === 'going');
  useCommands([SHOW_CONTRACT]);
  if (demo) return <DemoGuide />;
  return minute ? <FirstMinuteGuide /> : null;
}
