import { IconBellOff } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Finding } from '../../../main/contract/finding.ts';
import type { Command } from '../../state/app/commands.ts';
import { readyValue } from '../../state/app/loadable.ts';
import type { MutesStore } from '../../state/plugins/mutes.ts';
import { useCommands } from '../controls/use-commands.ts';
import { showControls } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './findings.module.css';
import { mutableCollection } from './rule-text.ts';

/** The muted collections, fetched when first asked for; none until they are there. */
export function useMuted(): readonly string[] {
  const { mutes } = useStores();
  useEffect(() => {
    mutes.refresh().catch((error) => console.error('muted collections not loaded', error));
  }, [mutes]);
  return useStore(mutes.store, ({ muted }) => readyValue(muted)) ?? NONE;
}

const NONE: readonly string[] = [];

export interface MuteButtonProps {
  readonly collection: string;
  readonly muted: boolean;
}

/** Says that a collection holds documents of no user, or takes it back. */
export function MuteButton({ collection, muted }: MuteButtonProps) {
  const { mutes } = useStores();
  return (
    <button
      type="button"
      className={classes.link}
      title={muted ? 'Findings of “not scoped” appear again' : 'It holds documents of no user'}
      onClick={() => (muted ? mutes.unmute(collection) : mutes.mute(collection))}
    >
      {muted ? 'Unmute' : 'Mute'} {showControls(collection)}
    </button>
  );
}

/** Offers the same in the palette, for each collection once. */
export function useMuteCommands(
  findings: readonly Pick<Finding, 'rule' | 'collection'>[],
  muted: readonly string[],
): void {
  const { mutes } = useStores();
  const collections = [...new Set(findings.map(mutableCollection))].filter((name) => name !== null);
  useCommands(collections.map((name) => muteCommand(mutes, name, muted.includes(name))));
}

function muteCommand(mutes: MutesStore, collection: string, muted: boolean): Command {
  return {
    id: `findings.mute:${collection}`,
    title: `${muted ? 'Unmute' : 'Mute'} ${showControls(collection)}`,
    about: 'Findings of “not scoped”',
    group: 'This screen',
    icon: IconBellOff,
    run: () => (muted ? mutes.unmute(collection) : mutes.mute(collection)),
  };
}
