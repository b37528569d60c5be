import { useEffect, useRef } from 'react';
import type { Screen } from '../../../main/contract/window.ts';
import { focusElement } from '../../page.ts';
import { PAGE_TITLE } from '../layout/page.tsx';

/** Opening another screen moves the focus to its heading, unless the screen or a dialog has taken it. */
export function useFocusOnScreen(screen: Screen): void {
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    if (document.activeElement?.closest('main, [role="dialog"]')) return;
    focusElement(PAGE_TITLE);
  }, [screen]);
}
