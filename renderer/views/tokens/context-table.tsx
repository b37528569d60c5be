import type { Provenance } from '../../../main/contract/trace.ts';
import { showControls } from '../../components/text/format.ts';
import classes from './context-table.module.css';

/** What a plugin gets, a line a field, and where each value comes from. */
export function ContextTable({ provenance }: { provenance: readonly Provenance[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">the plugin gets</th>
          <th scope="col">value</th>
          <th scope="col">from</th>
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
