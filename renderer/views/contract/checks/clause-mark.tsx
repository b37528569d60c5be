import { Loader } from '@mantine/core';
import { IconCircleDashed } from '@tabler/icons-react';
import { VerdictMark } from '../../../components/text/mark.tsx';
import type { ClauseState } from '../../../state/contract/contract-model.ts';
import classes from './clause-list.module.css';

/** A clause’s state as icon, word and colour. */
export function ClauseMark({ state, word }: { readonly state: ClauseState; readonly word?: string }) {
  if (state !== 'pending' && state !== 'running') {
    return <VerdictMark verdict={state} word={word} />;
  }
  return (
    <span className={classes.pending} data-state={state}>
      {state === 'running' ? <Loader size={12} aria-hidden /> : <IconCircleDashed size={14} aria-hidden />}
      {word ?? (state === 'running' ? 'checking' : 'pending')}
    </span>
  );
}
