import { IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Finding } from '../../../main/contract/finding.ts';
import type { Trace } from '../../../main/contract/trace.ts';
import { childKey } from '../../state/traces/child-rows.ts';
import { showControls } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './findings.module.css';
import { MuteButton, useMuteCommands, useMuted } from './mute-button.tsx';
import { mutableCollection } from './rule-text.ts';

export interface FindingsProps {
  readonly trace: Trace;
  /** It is in an opened file: its collections are not those of this app. */
  readonly foreign: boolean;
}

/** What rules found in a call, as notes: nothing went wrong here. Nothing where they found nothing. */
export function Findings({ trace, foreign }: FindingsProps) {
  const { findings = [] } = trace;
  if (findings.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Findings">
      {findings.map((finding, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings of one trace never move
        <li key={at} className={classes.finding}>
          <IconInfoCircle size={14} stroke={1.75} aria-hidden className={classes.icon} />
          <span className={classes.text}>
            {showControls(finding.text)} <ShowCause trace={trace} finding={finding} />
          </span>
        </li>
      ))}
      {!foreign && <Mutes findings={findings} />}
    </ul>
  );
}

/** Which of the collections may be muted, each once. */
function Mutes({ findings }: { readonly findings: readonly Finding[] }) {
  const muted = useMuted();
  useMuteCommands(findings, muted);
  const collections = [...new Set(findings.map(mutableCollection))].filter((name) => name !== null);
  if (collections.length === 0) return null;
  return (
    <li className={classes.mutes}>
      {collections.map((collection) => (
        <MuteButton key={collection} collection={collection} muted={muted.includes(collection)} />
      ))}
      <span>where documents belong to no user</span>
    </li>
  );
}

/** Leads to the command that a finding is about. */
function ShowCause({ trace, finding }: { readonly trace: Trace; readonly finding: Finding }): ReactNode {
  const { childList } = useStores();
  const { child: at } = finding;
  const child = at === undefined ? undefined : trace.children?.[at];
  if (at === undefined || child === undefined) return null;
  const name = child.kind === 'database' ? `${child.command} ${child.collection ?? ''}`.trim() : child.method;
  return (
    <button type="button" className={classes.link} onClick={() => childList.reveal(trace.id, childKey(at))}>
      Show {showControls(name)}
    </button>
  );
}
