import { useEffect, useRef } from 'react';
import { type Command, registerCommands } from '../../state/app/commands.ts';

/**
 * Offers commands in the palette, with their shortcuts, while the component is mounted. Call it with what holds at this
 * render; nothing needs to be memoised.
 *
 * ```tsx
 * useCommands([
 *   { id: 'trace.replay', title: 'Replay this trace', group: 'This screen', icon: IconRepeat, keys: 'R', run: replay },
 * ]);
 * ```
 */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => registerCommands(() => latest.current), []);
}
