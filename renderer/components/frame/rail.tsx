import { Tooltip } from '@mantine/core';
import { useStore } from 'zustand';
import { SCREENS, type Screen } from '../../../main/contract/window.ts';
import { formatRoute } from '../../state/app/route.ts';
import { KeyHint } from '../controls/key-hint.tsx';
import { useStores } from '../use-stores.tsx';
import classes from './rail.module.css';
import { SCREEN_LOOK, screenKeys } from './screens.ts';

/** Links to the screens. */
export function Rail() {
  const stores = useStores();
  const present = useStore(stores.ui.store, ({ route }) => route.screen);
  return (
    <nav className={classes.rail} aria-label="Screens">
      <Logo />
      {SCREENS.map((screen) => (
        <RailLink key={screen} screen={screen} chosen={screen === present} />
      ))}
    </nav>
  );
}

function RailLink({ screen, chosen }: { screen: Screen; chosen: boolean }) {
  const { title, icon: Icon } = SCREEN_LOOK[screen];
  return (
    <Tooltip
      position="right"
      label={
        <span className={classes.tip}>
          {title} <KeyHint keys={screenKeys(screen)} />
        </span>
      }
    >
      <a
        href={`#${formatRoute(screen)}`}
        className={classes.link}
        data-last={screen === 'settings' || undefined}
        aria-label={title}
        aria-current={chosen ? 'page' : undefined}
      >
        <Icon size={20} stroke={1.6} aria-hidden />
      </a>
    </Tooltip>
  );
}

/** Four tiles of a mosaic. */
function Logo() {
  return (
    <svg
      className={classes.logo}
      viewBox="0 0 20 20"
      width="22"
      height="22"
      role="img"
      aria-label="Mozaiks Workbench"
    >
      <rect x="1" y="1" width="8" height="8" rx="2" />
      <rect x="11" y="1" width="8" height="8" rx="2" opacity="0.45" />
      <rect x="1" y="11" width="8" height="8" rx="2" opacity="0.45" />
      <rect x="11" y="11" width="8" height="8" rx="2" opacity="0.75" />
    </svg>
  );
}
