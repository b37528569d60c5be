import { useEffect, useMemo, useRef } from 'react';
import type { JsonObject } from '../../../main/contract/http.ts';
import type { Trace } from '../../../main/contract/trace.ts';
import { showControls } from '../text/format.ts';
import { VerdictMark } from '../text/mark.tsx';
import { belongsToClaims, type ClaimLine, claimLines, formatClaimTime } from './claim-lines.ts';
import classes from './claims-panel.module.css';

/** The token's claims; those behind the active row, given by their paths, are highlighted. */
export function ClaimsPanel({
  trace,
  highlighted,
}: {
  readonly trace: Trace;
  readonly highlighted: readonly string[];
}) {
  const { token } = trace;
  return (
    <section className={classes.panel} aria-label="JWT claims">
      <header className={classes.head}>
        <h3 className={classes.title}>JWT claims</h3>
        {token !== null && (
          <VerdictMark
            verdict={token.verified ? 'passed' : 'failed'}
            word={token.verified ? 'verified' : 'not verified'}
          />
        )}
      </header>
      {token?.claims ? (
        <ClaimsText claims={token.claims} highlighted={highlighted} />
      ) : (
        <p className={classes.none}>{describeNoClaims(trace)}</p>
      )}
    </section>
  );
}

function describeNoClaims({ token, identity }: Trace): string {
  if (token !== null) return 'The token could not be decoded, so there are no claims.';
  if (identity === null) return 'No token was sent.';
  return 'No token was sent: local mode uses the development identity (contract §3).';
}

const NONE: readonly string[] = [];

/** Claims as JSON, one per line; `highlighted` are the paths of those to highlight. */
export function ClaimsText({
  claims,
  highlighted = NONE,
}: {
  readonly claims: JsonObject;
  readonly highlighted?: readonly string[];
}) {
  const lines = useMemo(() => claimLines(claims), [claims]);
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (highlighted.length === 0) return;
    text.current?.querySelector('[data-lit]')?.scrollIntoView({ block: 'nearest' });
  }, [highlighted]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={classes.text} ref={text} tabIndex={0}>
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity and never move
        <ClaimRow key={at} line={line} lit={belongsToClaims(line.path, highlighted)} />
      ))}
    </div>
  );
}

function ClaimRow({ line, lit }: { readonly line: ClaimLine; readonly lit: boolean }) {
  const at = formatClaimTime(line);
  return (
    <div
      className={classes.line}
      data-lit={lit || undefined}
      style={{ paddingLeft: `${12 + line.depth * 16}px` }}
    >
      {line.key !== null && (
        <>
          <span className={classes.key}>{showControls(JSON.stringify(line.key))}</span>
          {': '}
        </>
      )}
      {showControls(line.text)}
      {at !== null && <span className={classes.when}>{at}</span>}
    </div>
  );
}
