import { useHotkeys } from '@mantine/hooks';
import { SCREENS } from '../../state/route.ts';
import { navigate } from '../../state/ui.ts';
import { screenKeys } from './screens.ts';

/** Ctrl/Cmd+1…7 for the screens; they work while typing too. */
export function useShortcuts(): void {
  useHotkeys(
    SCREENS.map((screen) => [screenKeys(screen), () => navigate(screen)]),
    [],
    true,
  );
}
