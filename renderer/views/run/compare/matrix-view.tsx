import { SegmentedControl } from '@mantine/core';
import { useStore } from 'zustand';
import type { Trace } from '../../../../main/contract/trace.ts';
import { plural, showControls } from '../../../components/text/format.ts';
import { Time } from '../../../components/text/values.tsx';
import { traceCache } from '../../../components/trace/trace-cache.ts';
import { LOADING, type Loadable, readyValue } from '../../../state/app/loadable.ts';
import { personaStore } from '../../../state/app/personas.ts';
import { personaLabel } from '../form/persona-labels.ts';
import { chooseRun, runChoices } from '../form/run-choices.ts';
import { EmptyResult } from '../result/nothing-yet.tsx';
import { ColumnHead } from './matrix-column.tsx';
import { alignColumns, bodyFields, differingRows, type Fields, injectedFields } from './matrix-model.ts';
import { Section } from './matrix-section.tsx';
import { isRunning, type Matrix, type MatrixColumn, matrixStore } from './matrix-store.ts';
import classes from './matrix-view.module.css';

/** One call's answers to several personas side by side; differences from the first are marked. */
export function MatrixView({ plugin }: { readonly plugin: string }) {
  const matrix = useStore(matrixStore, (state) => state.matrix);
  const first = useStore(runChoices, ({ personas }) => personas[0]);
  if (matrix === null || matrix.wish.plugin !== plugin) {
    return <EmptyResult plugin={plugin} waiting={false} several />;
  }
  return <Compared matrix={baselineFirst(matrix, first)} />;
}

/** Another baseline may have been chosen since the calls were made. */
function baselineFirst(matrix: Matrix, first: string | undefined): Matrix {
  const baseline = matrix.columns.filter(({ persona }) => persona === first);
  const others = matrix.columns.filter(({ persona }) => persona !== first);
  return { ...matrix, columns: [...baseline, ...others] };
}

function Compared({ matrix }: { readonly matrix: Matrix }) {
  const traces = useStore(traceCache, ({ entries }) => entries);
  const personas = useStore(personaStore, (state) => readyValue(state.personas));
  const allFields = useStore(runChoices, (choices) => choices.allFields);
  const answers = alignColumns(matrix.columns.map(answerFields));
  const injected = alignColumns(matrix.columns.map((column) => contextFields(column, traces)));
  const every = [...answers.rows, ...injected.rows];
  const waiting = isRunning(matrix);
  const labels = matrix.columns.map(({ persona }) => personaLabel(persona, personas));
  return (
    <section className={classes.matrix} aria-label="Answers compared">
      <header className={classes.bar}>
        <Headline matrix={matrix} fields={every.length} differ={differingRows(every).length} />
        <SegmentedControl
          aria-label="Fields"
          data={FIELDS}
          value={allFields ? 'all' : 'differing'}
          onChange={(chosen) => chooseRun({ allFields: chosen === 'all' })}
        />
      </header>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th className={classes.corner} scope="col">
                <span className={classes.hidden}>Field</span>
              </th>
              {matrix.columns.map((column, at) => (
                <ColumnHead
                  key={column.runId}
                  column={column}
                  matrix={matrix}
                  label={labels[at] ?? column.persona}
                  first={matrix.columns[0] ?? column}
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
            empty={waiting || isPending(matrix, traces) ? WAITING : 'The plugin ran for none of them'}
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
  readonly matrix: Matrix;
  readonly fields: number;
  readonly differ: number;
}

function Headline({ matrix, fields, differ }: HeadlineProps) {
  return (
    <div className={classes.headline}>
      <h2 className={classes.title}>{formatHeadline(matrix, fields, differ)}</h2>
      <span className={classes.meta}>
        {showControls(matrix.wish.plugin)} as {plural(matrix.columns.length, 'persona')} ·{' '}
        <Time at={matrix.startedAt} coarse />
      </span>
    </div>
  );
}

function formatHeadline(matrix: Matrix, fields: number, differ: number): string {
  const first = matrix.columns[0]?.answer;
  const answered = matrix.columns.filter((column) => answerFields(column) !== null).length;
  if (isRunning(matrix)) return 'Waiting for answers';
  if (first?.state === 'ready' && first.value.cancelled) return 'Cancelled';
  if (first?.state !== 'ready' || fields === 0 || answered < 2) return 'Nothing to compare';
  return differ === 0 ? 'No fields differ' : `${differ} of ${plural(fields, 'field')} differ`;
}

function answerFields({ answer }: MatrixColumn): Fields {
  return answer.state === 'ready' && !answer.value.cancelled ? bodyFields(answer.value.body) : null;
}

function contextFields({ answer }: MatrixColumn, traces: ReadonlyMap<string, Loadable<Trace>>): Fields {
  const id = answer.state === 'ready' ? answer.value.traceId : null;
  const trace = id === null ? undefined : traces.get(id);
  return trace?.state === 'ready' ? injectedFields(trace.value.received) : null;
}

/** Whether a trace is still being fetched. */
function isPending({ columns }: Matrix, traces: ReadonlyMap<string, Loadable<Trace>>): boolean {
  return columns.some(({ answer }) => {
    const id = answer.state === 'ready' ? answer.value.traceId : null;
    return id !== null && (traces.get(id) ?? LOADING).state === 'loading';
  });
}
