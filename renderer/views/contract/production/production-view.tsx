import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Page } from '../../../components/layout/page.tsx';
import { LoadState } from '../../../components/status/states.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import classes from '../contract-screen.module.css';
import { PlaceTabs } from '../place-tabs.tsx';
import own from './production-view.module.css';

/** How production differs from this runtime: what a trace's "In production" lines are about. */
export function ProductionView() {
  const { store, load } = useStores().differences;
  const differences = useStore(store, (state) => state.differences);
  useEffect(() => {
    load().catch((error) => console.error('differences not loaded', error));
  }, [load]);
  return (
    <Page title="Contract" layout="flush">
      <div className={classes.bar}>
        <PlaceTabs place="production" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={classes.scroll} aria-label="Differences from production" tabIndex={0}>
        <p className={classes.question}>
          Where a call would have ended otherwise in production, its trace and the command line say so.
        </p>
        <LoadState load={differences} what="The list of differences" onRetry={load}>
          {(rows) => (
            <table className={own.table}>
              <thead>
                <tr>
                  <th>Here</th>
                  <th>In production</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ here, there }) => (
                  <tr key={here}>
                    <td>
                      <Marked text={here} />
                    </td>
                    <td>
                      <Marked text={there} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </LoadState>
      </section>
    </Page>
  );
}

/** Text whose code is in backquotes. */
function Marked({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) => {
    // Every second part lay between two backquotes; parts never move.
    const key = `${index}:${part}`;
    return index % 2 === 1 ? <code key={key}>{part}</code> : <span key={key}>{part}</span>;
  });
}
