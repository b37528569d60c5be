import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { CheckView } from '../../../main/contract/conformance.ts';
import { showControls } from '../../components/format.ts';
import { VerdictMark } from '../../components/mark.tsx';
import { CheckEvidence } from './check-evidence.tsx';
import classes from './contract-screen.module.css';

/** One clause: mark, title, verdict in words; opens to expected, observed and evidence. A broken one starts open. */
export function CheckRow({ check }: { readonly check: CheckView }) {
  const [open, setOpen] = useState(check.verdict === 'failed');
  return (
    <li className={classes.check} data-verdict={check.verdict}>
      <button type="button" className={classes.checkHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={14} aria-hidden className={classes.chevron} data-open={open || undefined} />
        <span className={classes.mark}>
          <VerdictMark verdict={check.verdict} />
        </span>
        <span className={classes.checkTitle}>{showControls(check.title)}</span>
        <span className={classes.reason}>{showControls(check.reason)}</span>
      </button>
      {open && <CheckEvidence check={check} />}
    </li>
  );
}
