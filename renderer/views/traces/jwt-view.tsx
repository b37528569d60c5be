import { IconKeyOff } from '@tabler/icons-react';
import type { Trace } from '../../../main/contract/trace.ts';
import { JsonView } from '../../components/json-view.tsx';
import { VerdictMark } from '../../components/mark.tsx';
import { EmptyState } from '../../components/states.tsx';
import { ClaimsText } from './claims-panel.tsx';
import classes from './jwt-view.module.css';
import { TokenSteps } from './token-steps.tsx';

/** The token decoded, and apart from that what became of each check of it. The token itself is never kept. */
export function JwtView({ trace: { token, identity } }: { readonly trace: Trace }) {
  if (token === null) {
    return (
      <EmptyState
        icon={IconKeyOff}
        title="No token was sent"
        text={
          identity === null
            ? 'There was no “Authorization: Bearer …” header to look at.'
            : 'In local mode a call without a token gets the development identity, and the plugin no user_jwt (contract §3).'
        }
      />
    );
  }
  return (
    <div className={classes.view}>
      <section>
        <h3 className={classes.title}>
          Verification
          <VerdictMark
            verdict={token.verified ? 'passed' : 'failed'}
            word={token.verified ? 'verified' : 'not verified'}
          />
        </h3>
        <TokenSteps steps={token.steps} />
      </section>
      <section>
        <h3 className={classes.title}>Claims</h3>
        {token.claims === null ? (
          <p className={classes.none}>They could not be decoded.</p>
        ) : (
          <div className={classes.box}>
            <ClaimsText claims={token.claims} claim={null} />
          </div>
        )}
      </section>
      <section>
        <h3 className={classes.title}>Header</h3>
        {token.header === null ? (
          <p className={classes.none}>It could not be decoded.</p>
        ) : (
          <JsonView value={token.header} />
        )}
      </section>
      <p className={classes.none}>The signature is never kept, so nobody can use a trace as a token.</p>
    </div>
  );
}
