import { CONTRACT_VERSION, HEADERS } from '../../../main/contract/http.ts';
import { Copyable } from '../controls/copy-button.tsx';
import { showControls } from '../text/format.ts';
import { VerdictMark } from '../text/mark.tsx';
import classes from './headers-table.module.css';

export interface HeadersTableProps {
  readonly headers: Readonly<Record<string, string>>;
  /** Marks the version header, or that it is missing (CONTRACT.md §1). */
  readonly checkVersion?: boolean;
}

const VERSION_NAME = HEADERS.runtimeVersion.toLowerCase();

/** Names and values of headers. */
export function HeadersTable({ headers, checkVersion = false }: HeadersTableProps) {
  const entries = Object.entries(headers);
  const hasVersion = entries.some(([name]) => name.toLowerCase() === VERSION_NAME);
  if (entries.length === 0 && !checkVersion) return <p className={classes.none}>None.</p>;
  return (
    <table className={classes.table}>
      <tbody>
        {checkVersion && !hasVersion && (
          <tr>
            <th scope="row">{VERSION_NAME}</th>
            <td>
              <VerdictMark verdict="failed" word="missing: required on every answer (contract §1)" />
            </td>
          </tr>
        )}
        {entries.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{showControls(name)}</th>
            <td>
              <Copyable text={value} label={`Copy ${name}`}>
                <span className={classes.value}>{showControls(value)}</span>
                {checkVersion && name.toLowerCase() === VERSION_NAME && <VersionMark value={value} />}
              </Copyable>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function VersionMark({ value }: { readonly value: string }) {
  const ok = value === CONTRACT_VERSION;
  return (
    <span className={classes.mark}>
      <VerdictMark
        verdict={ok ? 'passed' : 'failed'}
        word={ok ? 'matches the contract' : `expected ${CONTRACT_VERSION}`}
      />
    </span>
  );
}
