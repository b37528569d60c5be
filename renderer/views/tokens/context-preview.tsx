import type { TokenReport } from '../../../main/contract/token.ts';
import type { Provenance } from '../../../main/contract/trace.ts';
import { showControls } from '../../components/format.ts';
import { Part } from './part.tsx';
import classes from './tokens.module.css';

/** What a plugin would get, a line a field, and where each value comes from. */
export function ContextPreview({ report: { verified, provenance } }: { report: TokenReport }) {
  return (
    <Part title="Context" about="What a plugin called with it would get.">
      {!verified || provenance.length === 0 ? (
        <p className={classes.dim}>None: a call with this token is refused before any plugin runs.</p>
      ) : (
        <table className={classes.context}>
          <thead>
            <tr>
              <th>Field</th>
              <th>Value</th>
              <th>Comes from</th>
            </tr>
          </thead>
          <tbody>
            {provenance.map((origin) => (
              <Row key={origin.field} origin={origin} />
            ))}
          </tbody>
        </table>
      )}
    </Part>
  );
}

function Row({ origin: { field, value, present, label, rule } }: { origin: Provenance }) {
  return (
    <tr title={rule}>
      <td className={classes.field}>{field}</td>
      <td className={classes.data}>
        {present ? showControls(JSON.stringify(value)) : <span className={classes.dim}>absent</span>}
      </td>
      <td>{label}</td>
    </tr>
  );
}
