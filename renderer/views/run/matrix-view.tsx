import { SegmentedControl } from '@mantine/core';
import { useStore } from 'zustand';
import type { Trace } from '../../../main/contract/trace.ts';
import { plural, showControls } from '../../components/format.ts';
import { Time } from '../../components/values.tsx';
import type { Loadable } from '../../state/loadable.ts';
import { readyValue } from '../../state/loadable.ts';
import { personaStore } from '../../state/personas.ts';
import { Breakable } from '../traces/breakable.tsx';
import { traceCache } from '../traces/trace-cache.ts';
import { ColumnHead } from './matrix-column.tsx';
import {
  differing,
  type Fields,
  fieldsOfBody,
  injectedFields,
  lineUp,
  type MatrixRow,
  type MatrixSection,
} from './matrix-model.ts';
import { isRunning, type Matrix, type MatrixColumn, matrixStore } from './matrix-store.ts';
import classes from './matrix-view.module.css';
import { NothingYet } from './nothing-yet.tsx';
import { labelOf } from './persona-labels.ts';
import { chooseRun, runChoices } from './run-choices.ts';

/** The answers of the same call to several personas beside each other, differences from the first one marked. */
export function MatrixView({ plugin }: { readonly plugin: string }) {
  const matrix = useStore(matrixStore, (state) => state.matrix);
  const first = useStore(runChoices, ({ personas }) => personas[0]);
  if (matrix === null || matrix.wish.plugin !== plugin) {
    return <NothingYet plugin={plugin} waiting={false} several />;
  }
  return <Compared matrix={baselineFirst(matrix, first)} />;
}

/** Another column may have been chosen to compare with since the calls were made. */
function baselineFirst(matrix: Matrix, first: string | undefined): Matrix {
  const baseline = matrix.columns.filter(({ persona }) => persona === first);
  const others = matrix.columns.filter(({ persona }) => persona !== first);
  return { ...matrix, columns: [...baseline, ...others] };
}

function Compared({ matrix }: { readonly matrix: Matrix }) {
  const traces = useStore(traceCache, ({ entries }) => entries);
  const personas = useStore(personaStore, (state) => readyValue(state.personas));
  const allFields = useStore(runChoices, (choices) => choices.allFields);
  const answers = lineUp(matrix.columns.map(answerFields));
  const injected = lineUp(matrix.columns.map((column) => contextFields(column, traces)));
  const every = [...answers.rows, ...injected.rows];
  const labels = matrix.columns.map(({ persona }) => labelOf(persona, personas));
  return (
    <section className={classes.matrix} aria-label="Answers compared">
      <header className={classes.bar}>
        <Headline matrix={matrix} fields={every.length} differ={differing(every).length} />
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
          <Section title="Answer" section={answers} labels={labels} allFields={allFields} empty="No fields" />
          <Section
            title="What the plugin was told"
            section={injected}
            labels={labels}
            allFields={allFields}
            empty="It was run for none of them"
          />
        </table>
      </div>
    </section>
  );
}

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
  const words = differ === 0 ? 'all fields alike' : `${differ} of ${plural(fields, 'field')} differ`;
  return (
    <div className={classes.headline}>
      <h2 className={classes.title}>
        {isRunning(matrix) ? 'Waiting for answers' : fields === 0 ? 'Nothing to compare' : words}
      </h2>
      <span className={classes.meta}>
        {showControls(matrix.wish.plugin)} as {plural(matrix.columns.length, 'persona')} ·{' '}
        <Time at={matrix.startedAt} coarse />
      </span>
    </div>
  );
}

function answerFields({ answer }: MatrixColumn): Fields {
  return answer.state === 'ready' && !answer.value.cancelled ? fieldsOfBody(answer.value.body) : null;
}

function contextFields({ answer }: MatrixColumn, traces: ReadonlyMap<string, Loadable<Trace>>): Fields {
  const id = answer.state === 'ready' ? answer.value.traceId : null;
  const trace = id === null ? undefined : traces.get(id);
  return trace?.state === 'ready' ? injectedFields(trace.value.received) : null;
}

interface SectionProps {
  readonly title: string;
  readonly section: MatrixSection;
  readonly labels: readonly string[];
  readonly allFields: boolean;
  readonly empty: string;
}

function Section({ title, section, labels, allFields, empty }: SectionProps) {
  const rows = allFields ? section.rows : differing(section.rows);
  const words = section.rows.length === 0 ? empty : 'No differences';
  return (
    <tbody>
      <tr>
        <th className={classes.section} scope="rowgroup" colSpan={labels.length + 1}>
          <span className={classes.sectionTitle}>{title}</span>
        </th>
      </tr>
      {rows.map((row) => (
        <Row key={row.path} row={row} labels={labels} />
      ))}
      {rows.length === 0 && (
        <tr>
          <td className={classes.none} colSpan={labels.length + 1}>
            <span className={classes.sectionTitle}>{words}</span>
          </td>
        </tr>
      )}
      {section.hidden > 0 && (
        <tr>
          <td className={classes.none} colSpan={labels.length + 1}>
            <span className={classes.sectionTitle}>{plural(section.hidden, 'more field')} in the traces</span>
          </td>
        </tr>
      )}
    </tbody>
  );
}

function Row({ row, labels }: { readonly row: MatrixRow; readonly labels: readonly string[] }) {
  return (
    <tr>
      <th className={classes.path} scope="row">
        <Breakable text={row.path === '' ? '(body)' : row.path} />
      </th>
      {row.values.map((value, at) => (
        // The columns of one comparison never move.
        <td key={labels[at]} className={classes.cell} data-differs={row.differs[at] || undefined}>
          <Value value={value} differsFrom={row.differs[at] ? (labels[0] ?? null) : null} />
        </td>
      ))}
    </tr>
  );
}

const MAX_SHOWN = 400;

function Value({
  value,
  differsFrom,
}: {
  readonly value: string | null;
  readonly differsFrom: string | null;
}) {
  return (
    <span className={classes.value}>
      {differsFrom !== null && (
        <span className={classes.mark} role="img" aria-label={`differs from ${differsFrom}:`}>
          ≠
        </span>
      )}
      {value === null ? (
        <span className={classes.absent}>{differsFrom === null ? '–' : 'absent'}</span>
      ) : (
        <span>{showControls(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value)}</span>
      )}
    </span>
  );
}
