import { IconKeyOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { JsonObject } from '../../../../main/contract/http.ts';
import type { Trace } from '../../../../main/contract/trace.ts';
import { JsonView } from '../../../components/json/json-view.tsx';
import { EmptyState } from '../../../components/status/states.tsx';
import { TokenSteps } from '../../../components/status/token-steps.tsx';
import { VerdictMark } from '../../../components/text/mark.tsx';
import { ClaimsText } from '../../../components/trace/claims-panel.tsx';
import classes from './jwt-view.module.css';

/** The result of each check of the token and its decoded contents. The token itself is never stored. */
export function JwtView({ trace: { token, identity } }: { readonly trace: Trace }) {
  if (token === null) return <NoToken refused={identity === null} />;
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
      <Decoded title="Claims" json={token.claims}>
        {(claims) => (
          <div className={classes.box}>
            <ClaimsText claims={claims} />
          </div>
        )}
      </Decoded>
      <Decoded title="Header" json={token.header}>
        {(header) => <JsonView value={header} />}
      </Decoded>
      <p className={classes.none}>The signature is never stored, so a trace cannot be used as a token.</p>
    </div>
  );
}

function NoToken({ refused }: { readonly refused: boolean }) {
  return (
    <EmptyState
      icon={IconKeyOff}
      title="No token was sent"
      text={
        refused
          ? 'The request had no “Authorization: Bearer …” header.'
          : 'In local mode a call without a token uses the development identity and the plugin receives no user_jwt (contract §3).'
      }
    />
  );
}

interface DecodedProps {
  readonly title: string;
  /** Null when that part of the token can't be decoded. */
  readonly json: JsonObject | null;
  readonly children: (json: JsonObject) => ReactNode;
}

function Decoded({ title, json, children }: DecodedProps) {
  return (
    <section>
      <h3 className={classes.title}>{title}</h3>
      {json === null ? <p className={classes.none}>Could not be decoded.</p> : children(json)}
    </section>
  );
}
