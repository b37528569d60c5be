import { useLayoutEffect, useRef } from 'react';

/**
 * Remembers what had the focus when `open` became true. The returned function restores it at once: a command
 * that a dialog starts may move the focus elsewhere, and keys pressed while the dialog fades belong to the
 * screen.
 */
export function useFocusBefore(open: boolean): () => void {
  const before = useRef<Element>(null);
  useLayoutEffect(() => {
    if (open) before.current = document.activeElement;
  }, [open]);
  return () => {
    const nothing = before.current === null || before.current === document.body;
    if (nothing && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    else if (before.current instanceof HTMLElement) before.current.focus();
  };
}
