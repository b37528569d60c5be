import { plural, showControls } from '../../../components/text/format.ts';
import { Breakable } from '../../../components/trace/breakable.tsx';
import { differingRows, type MatrixRow, type MatrixSection } from './matrix-model.ts';
import classes from './matrix-view.module.css';

export interface SectionProps {
  readonly title: string;
  readonly section: MatrixSection;
  readonly labels: readonly string[];
  readonly allFields: boolean;
  /** Shown when there are no fields at all. */
  readonly empty: string;
}

/** A titled group of rows in the comparison. */
export function Section({ title, section, labels, allFields, empty }: SectionProps) {
  const rows = allFields ? section.rows : differingRows(section.rows);
  const note = section.rows.length === 0 ? empty : 'No differences';
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
            <span className={classes.sectionTitle}>{note}</span>
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
