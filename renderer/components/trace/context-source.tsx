import {
  IconAdjustments,
  IconArrowNarrowRight,
  IconCircleDashed,
  IconKey,
  IconMailForward,
  type IconProps,
  IconUserCircle,
  IconX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Provenance } from '../../../main/contract/trace.ts';
import { Breakable } from './breakable.tsx';
import type { ContextRow } from './context-rows.ts';
import classes from './context-view.module.css';

const SOURCE_ICON: Readonly<Record<Provenance['source'], ComponentType<IconProps>>> = {
  claim: IconKey,
  setting: IconAdjustments,
  header: IconMailForward,
  default: IconCircleDashed,
  identity: IconUserCircle,
};

/** The middle of a row: the wire from the client, cut where the runtime cut it; the source; the wire to the plugin. */
export function ContextSource({ row }: { readonly row: ContextRow }) {
  const cut = row.client !== null && row.link !== 'passed';
  return (
    <span className={classes.wires}>
      {row.client !== null && (
        <span
          className={classes.stub}
          data-whole={!cut || undefined}
          data-spoof={row.spoof !== null || undefined}
        />
      )}
      {cut && <IconX size={13} stroke={2.5} aria-label="discarded" className={classes.cut} />}
      {row.provenance !== null && <SourceLabel provenance={row.provenance} />}
      {row.got !== null && (
        <>
          {row.link !== 'passed' && <span className={classes.wire} />}
          <IconArrowNarrowRight size={14} stroke={1.75} aria-hidden className={classes.arrow} />
        </>
      )}
    </span>
  );
}

function SourceLabel({ provenance }: { readonly provenance: Provenance }) {
  const Icon = SOURCE_ICON[provenance.source];
  return (
    <span className={classes.label} data-source={provenance.source}>
      <Icon size={13} stroke={1.75} aria-hidden className={classes.labelIcon} />
      <span>
        <Breakable text={provenance.label} />
      </span>
    </span>
  );
}
