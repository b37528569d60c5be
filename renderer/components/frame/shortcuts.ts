import { useHotkeys } from '@mantine/hooks';
import { openNewPlugin } from '../../state/new-plugin.ts';
import { SCREENS } from '../../state/route.ts';
import { navigate } from '../../state/ui.ts';
import { screenKeys } from './screens.ts';

/** Ctrl/Cmd+1…7 for the screens, which work while typing too; N for a new plugin. */
export function useShortcuts(): void {
  useHotkeys(
    SCREENS.map((screen) => [screenKeys(screen), () => navigate(screen)]),
    [],
    true,
  );
  useHotkeys([['N', openNewPlugin]]);
}
