import { SegmentedControl } from '@mantine/core';
import { useStore } from 'zustand';
import type { Trace } from '../../../../main/contract/trace.ts';
import { plural, showControls } from '../../../components/text/format.ts';
import { Time } from '../../../components/text/values.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { LOADING, type Loadable, readyValue } from '../../../state/app/loadable.ts';
import { isRunning, type Run, type RunColumn } from '../../../state/run/runs-store.ts';
import { personaLabel } from '../form/persona-labels.ts';
import { EmptyResult } from '../result/empty-result.tsx';
import { ColumnHead } from './matrix-column.tsx';
import { alignColumns, bodyFields, differingRows, type Fields, injectedFields } from './matrix-model.ts';
import { Section } from './matrix-section.tsx';
import classes from './matrix-view.module.css';

/** One call's answers to several personas side by side; differences from the first are marked. */
export function MatrixView({ plugin }: { readonly plugin: string }) {
  const { runs, runForm } = useStores();
  const run = useStore(runs.store, (state) => state.lastComparison);
  const first = useStore(runForm.store, ({ choices }) => choices.personas[0]);
  if (run === null || run.input.plugin !== plugin) {
    return <EmptyResult plugin={plugin} waiting={false} several />;
  }
  return <Compared run={baselineFirst(run, first)} />;
}

/** Another baseline may have been chosen since the calls were made. */
function baselineFirst(run: Run, first: string | undefined): Run {
  const baseline = run.columns.filter(({ persona }) => persona === first);
  const others = run.columns.filter(({ persona }) => persona !== first);
  return { ...run, columns: [...baseline, ...others] };
}

function Compared({ run }: { readonly run: Run }) {
  const stores = useStores();
  const traces = useStore(stores.traceCache.store, ({ entries }) => entries);
  const personas = useStore(stores.personas.store, (state) => readyValue(state.personas));
  const allFields = useStore(stores.runForm.store, ({ choices }) => choices.allFields);
  const answers = alignColumns(run.columns.map(answerFields));
  const injected = alignColumns(run.columns.map((column) => contextFields(column, traces)));
  const every = [...answers.rows, ...injected.rows];
  const waiting = isRunning(run);
  const labels = run.columns.map(({ persona }) => personaLabel(persona, personas));
  return (
    <section className={classes.matrix} aria-label="Answers compared">
      <header className={classes.bar}>
        <Headline run={run} fields={every.length} differ={differingRows(every).length} />
        <SegmentedControl
          aria-label="Fields"
          data={FIELDS}
          value={allFields ? 'all' : 'differing'}
          onChange={(chosen) => stores.runForm.choose({ allFields: chosen === 'all' })}
        />
      </header>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th className={classes.corner} scope="col">
                <span className={classes.hidden}>Field</span>
              </th>
              {run.columns.map((column, at) => (
                <ColumnHead
                  key={column.runId}
                  column={column}
                  run={run}
                  label={labels[at] ?? column.persona}
                  first={run.columns[0] ?? column}
                />
              ))}
            </tr>
          </thead>
          <Section
            title="Answer"
            section={answers}
            labels={labels}
            allFields={allFields}
            empty={waiting ? WAITING : 'No fields'}
          />
          <Section
            title="Injected context"
            section={injected}
            labels={labels}
            allFields={allFields}
            empty={waiting || isPending(run, traces) ? WAITING : 'The plugin ran for none of them'}
          />
        </table>
      </div>
    </section>
  );
}

const WAITING = 'Waiting…';

const FIELDS = [
  { value: 'all', label: 'All fields' },
  { value: 'differing', label: 'Differences' },
];

interface HeadlineProps {
  readonly run: Run;
  readonly fields: number;
  readonly differ: number;
}

function Headline({ run, fields, differ }: HeadlineProps) {
  return (
    <div className={classes.headline}>
      <h2 className={classes.title}>{formatHeadline(run, fields, differ)}</h2>
      <span className={classes.meta}>
        {showControls(run.input.plugin)} as {plural(run.columns.length, 'persona')} ·{' '}
        <Time at={run.startedAt} coarse />
      </span>
    </div>
  );
}

function formatHeadline(run: Run, fields: number, differ: number): string {
  const first = run.columns[0]?.answer;
  const answered = run.columns.filter((column) => answerFields(column) !== null).length;
  if (isRunning(run)) return 'Waiting for answers';
  if (first?.state === 'ready' && first.value.cancelled) return 'Cancelled';
  if (first?.state !== 'ready' || fields === 0 || answered < 2) return 'Nothing to compare';
  return differ === 0 ? 'No fields differ' : `${differ} of ${plural(fields, 'field')} differ`;
}

function answerFields({ answer }: RunColumn): Fields {
  return answer.state === 'ready' && !answer.value.cancelled ? bodyFields(answer.value.body) : null;
}

function contextFields({ answer }: RunColumn, traces: ReadonlyMap<string, Loadable<Trace>>): Fields {
  const id = answer.state === 'ready' ? answer.value.traceId : null;
  const trace = id === null ? undefined : traces.get(id);
  return trace?.state === 'ready' ? injectedFields(trace.value.received) : null;
}

/** Whether a trace is still being fetched. */
function isPending({ columns }: Run, traces: ReadonlyMap<string, Loadable<Trace>>): boolean {
  return columns.some(({ answer }) => {
    const id = answer.state === 'ready' ? answer.value.traceId : null;
    return id !== null && (traces.get(id) ?? LOADING).state === 'loading';
  });
}
