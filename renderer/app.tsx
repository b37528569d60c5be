import { useEffect } from 'react';
import { useStore } from 'zustand';
import { markTitle } from '../main/contract/window.ts';
import classes from './app.module.css';
import { Announcements } from './components/frame/announcements.tsx';
import { BottomBar } from './components/frame/bottom-bar.tsx';
import { DropFolder } from './components/frame/drop-folder.tsx';
import { FrameCommands } from './components/frame/frame-commands.tsx';
import { Notices } from './components/frame/notices.tsx';
import { Palette } from './components/frame/palette.tsx';
import { Rail } from './components/frame/rail.tsx';
import { SCREEN_LOOK } from './components/frame/screens.ts';
import { ShortcutSheet } from './components/frame/shortcut-sheet.tsx';
import { useShortcuts } from './components/frame/shortcuts.ts';
import { SkipLink } from './components/frame/skip-link.tsx';
import { TopBar } from './components/frame/top-bar.tsx';
import { useFocusOnScreen } from './components/frame/use-focus-on-screen.ts';
import { WindowCommands } from './components/frame/window-commands.tsx';
import { Boundary } from './components/layout/boundary.tsx';
import { useStores } from './components/use-stores.tsx';
import { ScreenView } from './screen-view.tsx';
import { readyValue } from './state/app/loadable.ts';
import { failedPlugins } from './state/app/runtime.ts';
import { Guides } from './views/guides/guides.tsx';
import { NewPluginDialog } from './views/plugins/new-plugin.tsx';

/** The frame: rail, bars, and the screen that the hash names. */
export function App() {
  const stores = useStores();
  const screen = useStore(stores.ui.store, ({ route }) => route.screen);
  const failed = useStore(stores.runtime.store, ({ snapshot }) => failedPlugins(readyValue(snapshot)));
  useShortcuts();
  useEffect(() => {
    document.title = markTitle(`${SCREEN_LOOK[screen].title} – Mozaiks Workbench`, failed);
  }, [screen, failed]);
  useFocusOnScreen(screen);
  return (
    <div className={classes.frame}>
      <SkipLink />
      <Rail />
      <div className={classes.main}>
        <TopBar />
        <Notices />
        <main className={classes.screen}>
          <Boundary key={screen} what={SCREEN_LOOK[screen].title}>
            <ScreenView screen={screen} />
          </Boundary>
        </main>
        <Guides />
        <BottomBar />
      </div>
      <FrameCommands />
      <WindowCommands />
      <Palette />
      <ShortcutSheet />
      <NewPluginDialog />
      <Announcements />
      <DropFolder />
    </div>
  );
}
