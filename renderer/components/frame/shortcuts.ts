import { useEffect } from 'react';
import { isMac } from '../../page.ts';
import { type Command, type CommandStore, isUnavailable } from '../../state/app/commands.ts';
import { hasModifier, matchesKeys } from '../../state/app/hotkeys.ts';
import { useStores } from '../use-stores.tsx';

/** Runs the command that the pressed keys belong to, among those offered at that moment. */
export function useShortcuts(): void {
  const { commands } = useStores();
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event, commands);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [commands]);
}

function press(event: KeyboardEvent, commands: CommandStore): void {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : null;
  // A dialog or an open menu handles its own keys.
  if (target?.closest('[role="dialog"][aria-modal="true"], [role="menu"]')) return;
  const inField = target !== null && isField(target);
  const command = commands.current().find((candidate) => isMeant(candidate, event, inField));
  if (command === undefined) return;
  event.preventDefault();
  if (!isUnavailable(command)) commands.run(command);
}

function isMeant(command: Command, event: KeyboardEvent, inField: boolean): boolean {
  const { keys, inFields = false } = command;
  if (keys === undefined || !matchesKeys(keys, event, isMac())) return false;
  return !inField || inFields || hasModifier(keys);
}

function isField(element: Element): boolean {
  return (
    element.matches('input, textarea, select') ||
    (element instanceof HTMLElement && element.isContentEditable)
  );
}
