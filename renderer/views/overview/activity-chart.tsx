import { useState } from 'react';
import type { Activity } from '../../../main/contract/snapshot.ts';
import { formatClock, formatCount, plural } from '../../components/text/format.ts';
import { Duration } from '../../components/text/values.tsx';
import classes from './activity-chart.module.css';
import { ACTIVITY_COLOR, ACTIVITY_KINDS, type Bar, barsOf, countsOf } from './activity-model.ts';

/** The executions of the last minutes, stacked by outcome. */
export function ActivityChart({ activity }: { activity: Activity }) {
  const [hovered, setHovered] = useState<number | null>(null);
  const { bars, top } = barsOf(activity.buckets);
  const minutes = Math.round(activity.windowMs / 60_000);
  const label = `${plural(activity.total, 'execution')} in the last ${minutes} minutes`;
  const bucket = hovered === null ? undefined : activity.buckets[hovered];
  return (
    <figure className={classes.chart} aria-label={label}>
      <div className={classes.plot} role="img" aria-label={label} onMouseLeave={() => setHovered(null)}>
        <span className={classes.top}>{top}</span>
        {bars.map((bar, index) => (
          <Column key={bar.at} bar={bar} onHover={() => setHovered(index)} />
        ))}
      </div>
      <div className={classes.axis}>
        <span>{minutes} min ago</span>
        <span className={classes.hovered}>{bucket && describe(bucket)}</span>
        <span>now</span>
      </div>
    </figure>
  );
}

function Column({ bar, onHover }: { bar: Bar; onHover: () => void }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only adds detail; the numbers are in the legend
    <div className={classes.column} onMouseEnter={onHover}>
      {bar.parts.map(({ kind, share }) => (
        <div
          key={kind}
          className={classes.part}
          style={{ height: `${share * 100}%`, background: ACTIVITY_COLOR[kind] }}
        />
      ))}
    </div>
  );
}

function describe(bucket: Activity['buckets'][number]): string {
  const parts = ACTIVITY_KINDS.filter((kind) => bucket[kind] > 0).map((kind) => `${bucket[kind]} ${kind}`);
  return `${formatClock(bucket.at)} · ${parts.length > 0 ? parts.join(', ') : 'none'}`;
}

/** The totals of the bars, in the header of their panel. */
export function ActivityFigures({ activity }: { activity: Activity }) {
  const counts = countsOf(activity);
  return (
    <div className={classes.legend}>
      {ACTIVITY_KINDS.map((kind) => (
        <span key={kind} className={classes.entry} data-none={counts[kind] === 0 || undefined}>
          <span className={classes.swatch} style={{ background: ACTIVITY_COLOR[kind] }} aria-hidden />
          {kind} <b>{formatCount(counts[kind])}</b>
        </span>
      ))}
      <span className={classes.latency}>
        p50 <Duration ms={activity.p50Ms} />
      </span>
      <span>
        p95 <Duration ms={activity.p95Ms} />
      </span>
    </div>
  );
}
