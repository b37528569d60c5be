import { Button } from '@mantine/core';
import { IconArrowsDiff, IconEqual, IconMinus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { plural, showControls } from '../../../components/text/format.ts';
import { Breakable } from '../../../components/trace/breakable.tsx';
import type { FieldPair, FieldSide } from './compare-model.ts';
import classes from './field-table.module.css';

/** Fields of two traces side by side; equal ones are folded by default. */
export function FieldTable({
  pairs,
  what,
  fold = true,
}: {
  readonly pairs: readonly FieldPair[];
  /** "fields", "headers" */
  readonly what: string;
  readonly fold?: boolean;
}) {
  const [whole, setWhole] = useState(!fold);
  const shown = whole ? pairs : pairs.filter(({ verdict }) => verdict !== 'same');
  const hidden = pairs.length - shown.length;
  if (pairs.length === 0) return <p className={classes.none}>Neither has any {what}.</p>;
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" className={classes.name}>
              {what}
            </th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col" className={classes.verdict} />
          </tr>
        </thead>
        <tbody>
          {shown.map((pair) => (
            <PairRow key={pair.name} pair={pair} />
          ))}
        </tbody>
      </table>
      {fold && pairs.some(({ verdict }) => verdict === 'same') && (
        <div className={classes.foot}>
          {hidden > 0 ? `${plural(hidden, 'equal row')} hidden` : 'All rows shown'}
          <Button size="compact-xs" onClick={() => setWhole(!whole)}>
            {whole ? 'Show differences' : 'Show all'}
          </Button>
        </div>
      )}
    </div>
  );
}

function PairRow({ pair }: { readonly pair: FieldPair }) {
  const { name, a, b, verdict, expected = false } = pair;
  return (
    <tr data-verdict={verdict} data-expected={expected || undefined}>
      <th scope="row" className={classes.name}>
        <Breakable text={name} />
      </th>
      <Side side={a} />
      <Side side={b} />
      <td className={classes.verdict}>
        <Verdict pair={pair} />
      </td>
    </tr>
  );
}

function Side({ side }: { readonly side: FieldSide | null }) {
  return (
    <td className={classes.side}>
      {side === null ? (
        <span className={classes.absent}>–</span>
      ) : (
        <>
          <span className={classes.text}>{showControls(side.text)}</span>
          {side.note !== undefined && <span className={classes.note}>{showControls(side.note)}</span>}
        </>
      )}
    </td>
  );
}

const VERDICT = {
  same: { word: 'same', icon: IconEqual },
  differs: { word: 'differs', icon: IconArrowsDiff },
  'only-a': { word: 'only A', icon: IconMinus },
  'only-b': { word: 'only B', icon: IconPlus },
} as const;

/** Icon and label; what differs between any two calls is shown unobtrusively. */
function Verdict({ pair: { verdict, expected = false, change } }: { readonly pair: FieldPair }) {
  const { word, icon: Icon } = VERDICT[verdict];
  return (
    <span className={classes.mark} data-verdict={expected ? 'same' : verdict}>
      <Icon size={13} stroke={2} aria-hidden />
      {change ?? word}
    </span>
  );
}
