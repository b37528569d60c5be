import { IconPresentation } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useCommands } from '../../components/controls/use-commands.ts';
import { useStores } from '../../components/use-stores.tsx';
import type { Command } from '../../state/app/commands.ts';
import type { Stores } from '../../stores.ts';
import { DemoGuide } from './demo-guide.tsx';
import { FirstMinuteGuide } from './first-minute-guide.tsx';

function demoCommand({ demo }: Stores): Command {
  return {
    id: 'demo.start',
    title: 'Show the contract',
    group: 'Contract',
    about: 'Sample traffic: a spoof attempt, an expired token, a timeout, a hot reload',
    words: 'demo demonstration tour example',
    icon: IconPresentation,
    run: demo.showContract,
  };
}

/** The running guide, below whatever screen is open. */
export function Guides() {
  const stores = useStores();
  const demo = useStore(stores.demo.store, ({ phase }) => phase !== 'off');
  const minute = useStore(stores.firstMinute.store, ({ phase }) => phase === 'going');
  useCommands([demoCommand(stores)]);
  if (demo) return <DemoGuide />;
  return minute ? <FirstMinuteGuide /> : null;
}
