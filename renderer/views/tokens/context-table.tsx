import type { Provenance } from '../../../main/contract/trace.ts';
import { showControls } from '../../components/text/format.ts';
import classes from './context-table.module.css';

/** What a plugin receives, one row per field, and where each value comes from. */
export function ContextTable({ provenance }: { provenance: readonly Provenance[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Plugin receives</th>
          <th scope="col">Value</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {provenance.map((origin) => (
          <Row key={origin.field} origin={origin} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ origin: { field, value, present, label, rule, source } }: { origin: Provenance }) {
  return (
    <tr title={rule}>
      <td className={classes.field}>{field}</td>
      <td className={classes.value}>
        {present ? showControls(JSON.stringify(value)) : <span className={classes.dim}>absent</span>}
      </td>
      <td className={classes.source} data-source={source}>
        {label}
      </td>
    </tr>
  );
}
