import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Page } from '../../components/layout/page.tsx';
import { SplitPane } from '../../components/layout/split-pane.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { MatrixView } from './compare/matrix-view.tsx';
import { RunForm } from './form/run-form.tsx';
import { useRunInput } from './form/use-run-input.ts';
import { RunProgress } from './result/run-progress.tsx';
import { RunResult } from './result/run-result.tsx';
import classes from './run-screen.module.css';

/** Call a plugin as a chosen persona and see the answer. */
export function RunScreen() {
  const { ui } = useStores();
  const item = useStore(ui.store, ({ route }) => route.item);
  useEffect(() => {
    // A link may name the plugin: #/run/<plugin>.
    if (item !== null) ui.choose({ runPlugin: item });
  }, [item, ui]);
  return (
    <Page title="Run" layout="flush" note="Calls go over real HTTP, like any client’s">
      <SplitPane id="run" initial={0.4} min={[340, 400]} first={<RunForm />} second={<Answers />} />
    </Page>
  );
}

function Answers() {
  const { runForm } = useStores();
  const { plugin } = useRunInput().input;
  const several = useStore(runForm.store, ({ choices }) => choices.several);
  return (
    <>
      <RunProgress />
      <div className={classes.answers}>
        {several ? <MatrixView plugin={plugin} /> : <RunResult plugin={plugin} />}
      </div>
    </>
  );
}
