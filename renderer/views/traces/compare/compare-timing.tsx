import type { Span, Trace } from '../../../../main/contract/trace.ts';
import { formatDuration } from '../../../components/text/format.ts';
import { compareTiming, formatChange, type StepPair } from './compare-model.ts';
import classes from './compare-timing.module.css';

/** The steps of two calls on one scale. */
export function CompareTiming({ a, b }: { readonly a: Trace; readonly b: Trace }) {
  const { steps, scaleMs } = compareTiming(a, b);
  return (
    <div className={classes.frame}>
      <div className={classes.row} data-head>
        <span>step</span>
        <span className={classes.scale}>
          <span>0</span>
          <span>{formatDuration(scaleMs)}</span>
        </span>
        <span className={classes.number}>A</span>
        <span className={classes.number}>B</span>
        <span className={classes.number}>A to B</span>
      </div>
      {steps.map((pair) => (
        <StepRow key={pair.step} pair={pair} scaleMs={scaleMs} />
      ))}
      <div className={classes.row} data-total>
        <span>total</span>
        <span />
        <span className={classes.number}>{formatDuration(a.durationMs)}</span>
        <span className={classes.number}>{formatDuration(b.durationMs)}</span>
        <span className={classes.number}>{formatChange(a.durationMs, b.durationMs)}</span>
      </div>
    </div>
  );
}

function StepRow({ pair: { step, a, b }, scaleMs }: { readonly pair: StepPair; readonly scaleMs: number }) {
  return (
    <div className={classes.row} data-failed={a?.ok === false || b?.ok === false || undefined}>
      <span className={classes.step}>{step}</span>
      <span className={classes.tracks} aria-hidden>
        <Track span={a} name="A" scaleMs={scaleMs} />
        <Track span={b} name="B" scaleMs={scaleMs} />
      </span>
      <StepDuration span={a} />
      <StepDuration span={b} />
      <span className={classes.number}>{describeStep({ a, b })}</span>
    </div>
  );
}

function describeStep({ a, b }: Pick<StepPair, 'a' | 'b'>): string {
  if (a === null) return 'only B';
  if (b === null) return 'only A';
  return formatChange(a.durationMs, b.durationMs);
}

function StepDuration({ span }: { readonly span: Span | null }) {
  return (
    <span className={classes.number}>
      {span === null ? '–' : `${formatDuration(span.durationMs)}${span.ok ? '' : ' failed'}`}
    </span>
  );
}

interface TrackProps {
  readonly span: Span | null;
  readonly name: 'A' | 'B';
  readonly scaleMs: number;
}

function Track({ span, name, scaleMs }: TrackProps) {
  return (
    <span className={classes.track}>
      <span className={classes.letter}>{name}</span>
      <span className={classes.lane}>
        {span !== null && (
          <span
            className={classes.bar}
            data-name={name}
            style={{
              left: `${(span.startMs / scaleMs) * 100}%`,
              width: `${(span.durationMs / scaleMs) * 100}%`,
            }}
          />
        )}
      </span>
    </span>
  );
}
