import { useEffect } from 'react';
import { useStore } from 'zustand';
import classes from './app.module.css';
import { Boundary } from './components/boundary.tsx';
import { Announcements } from './components/frame/announcements.tsx';
import { BottomBar } from './components/frame/bottom-bar.tsx';
import { FrameCommands } from './components/frame/frame-commands.tsx';
import { Notices } from './components/frame/notices.tsx';
import { Palette } from './components/frame/palette.tsx';
import { Rail } from './components/frame/rail.tsx';
import { SCREEN_LOOK } from './components/frame/screens.ts';
import { ShortcutSheet } from './components/frame/shortcut-sheet.tsx';
import { useShortcuts } from './components/frame/shortcuts.ts';
import { TopBar } from './components/frame/top-bar.tsx';
import type { Screen } from './state/route.ts';
import { uiStore } from './state/ui.ts';
import { ContractScreen } from './views/contract/contract-screen.tsx';
import { OverviewScreen } from './views/overview/overview-screen.tsx';
import { NewPluginDialog } from './views/plugins/new-plugin.tsx';
import { PluginsScreen } from './views/plugins/plugins-screen.tsx';
import { RunScreen } from './views/run/run-screen.tsx';
import { SettingsScreen } from './views/settings/settings-screen.tsx';
import { TokensScreen } from './views/tokens/tokens-screen.tsx';
import { TracesScreen } from './views/traces/traces-screen.tsx';

const VIEWS: Readonly<Record<Screen, () => React.JSX.Element>> = {
  overview: OverviewScreen,
  plugins: PluginsScreen,
  run: RunScreen,
  traces: TracesScreen,
  contract: ContractScreen,
  tokens: TokensScreen,
  settings: SettingsScreen,
};

/** The frame: rail, bars, and the screen that the hash names. */
export function App() {
  const screen = useStore(uiStore, ({ route }) => route.screen);
  const View = VIEWS[screen];
  useShortcuts();
  useEffect(() => {
    document.title = `${SCREEN_LOOK[screen].title} – Mozaiks Workbench`;
  }, [screen]);
  return (
    <div className={classes.frame}>
      <Rail />
      <div className={classes.main}>
        <TopBar />
        <Notices />
        <main className={classes.screen}>
          <Boundary key={screen} what={SCREEN_LOOK[screen].title}>
            <View />
          </Boundary>
        </main>
        <BottomBar />
      </div>
      <FrameCommands />
      <Palette />
      <ShortcutSheet />
      <NewPluginDialog />
      <Announcements />
    </div>
  );
}
