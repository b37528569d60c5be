import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Page } from '../../components/layout/page.tsx';
import { SplitPane } from '../../components/layout/split-pane.tsx';
import { choose, uiStore } from '../../state/app/ui.ts';
import { MatrixView } from './compare/matrix-view.tsx';
import { runChoices } from './form/run-choices.ts';
import { RunForm } from './form/run-form.tsx';
import { useRunWish } from './form/use-run-wish.ts';
import { RunProgress } from './result/run-progress.tsx';
import { RunResult } from './result/run-result.tsx';
import classes from './run-screen.module.css';

/** Call a plugin as a chosen persona and see the answer. */
export function RunScreen() {
  const item = useStore(uiStore, ({ route }) => route.item);
  useEffect(() => {
    // A link may name the plugin: #/run/<plugin>.
    if (item !== null) choose({ runPlugin: item });
  }, [item]);
  return (
    <Page title="Run" layout="flush" note="Calls go over real HTTP, like any client’s">
      <SplitPane id="run" initial={0.4} min={[340, 400]} first={<RunForm />} second={<Answers />} />
    </Page>
  );
}

function Answers() {
  const { plugin } = useRunWish().wish;
  const several = useStore(runChoices, (choices) => choices.several);
  return (
    <>
      <RunProgress />
      <div className={classes.answers}>
        {several ? <MatrixView plugin={plugin} /> : <RunResult plugin={plugin} />}
      </div>
    </>
  );
}
