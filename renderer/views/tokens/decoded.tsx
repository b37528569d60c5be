import type { TokenReport } from '../../../main/contract/token.ts';
import { JsonView } from '../../components/json/json-view.tsx';
import { showControls } from '../../components/text/format.ts';
import { useNow } from '../../components/time/use-now.ts';
import { ClaimsText } from '../../components/trace/claims-panel.tsx';
import { formatUntil } from './claims-model.ts';
import classes from './token-report.module.css';

/** Header and claims as they are in the token, as far as they can be read, trusted or not. */
export function Decoded({ report: { decodeError, header, claims } }: { report: TokenReport }) {
  return (
    <div className={classes.decoded}>
      {decodeError !== null && <p className={classes.error}>{showControls(decodeError)}</p>}
      {claims !== null && (
        <div>
          <h3 className={classes.small}>
            Claims <Times claims={claims} />
          </h3>
          <div className={classes.box}>
            <ClaimsText claims={claims} claim={null} />
          </div>
        </div>
      )}
      {header !== null && (
        <div>
          <h3 className={classes.small}>Header</h3>
          <JsonView value={header} copyLabel="Copy header" />
        </div>
      )}
    </div>
  );
}

const TIMES: readonly (readonly [string, string, string])[] = [
  ['iat', 'issued', 'issued'],
  ['nbf', 'valid', 'valid since'],
  ['exp', 'expires', 'expired'],
];

/** "issued 2 min ago, expires in 58 min", kept up to date. */
function Times({ claims }: { claims: NonNullable<TokenReport['claims']> }) {
  const now = useNow();
  const words = TIMES.flatMap(([name, ahead, behind]) => {
    const seconds = claims[name];
    if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds)) return [];
    return [`${seconds * 1000 > now ? ahead : behind} ${formatUntil(seconds * 1000, now)}`];
  });
  return <span className={classes.times}>{words.join(', ')}</span>;
}
