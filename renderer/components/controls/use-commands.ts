import { useEffect, useRef } from 'react';
import type { Command } from '../../state/app/commands.ts';
import { useStores } from '../use-stores.tsx';

/**
 * Offers commands in the palette, with their shortcuts, while the component is mounted. Call it with the
 * commands of this render; nothing needs to be memoised.
 *
 * ```tsx
 * useCommands([
 *   { id: 'trace.replay', title: 'Replay this trace', group: 'This screen', icon: IconRepeat, keys: 'R', run: replay },
 * ]);
 * ```
 */
export function useCommands(commands: readonly Command[]): void {
  const stores = useStores();
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => stores.commands.register(() => latest.current), []);
}
