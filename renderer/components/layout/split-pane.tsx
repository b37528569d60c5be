import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../use-stores.tsx';
import classes from './split-pane.module.css';

export interface SplitPaneProps {
  /** Name under which the position is remembered. */
  readonly id: string;
  readonly first: ReactNode;
  /** Null: the first pane takes the whole width. */
  readonly second: ReactNode | null;
  /** The first pane's share, 0–1, until the user moves the splitter. */
  readonly initial?: number;
  /** Minimum width of each pane in px. */
  readonly min?: readonly [number, number];
}

const KEY_STEP = 0.02;

/** Two panes side by side; the position of the splitter is remembered. */
export function SplitPane({ id, first, second, initial = 0.5, min = [280, 320] }: SplitPaneProps) {
  const stores = useStores();
  const share = useStore(stores.ui.store, ({ choices }) => choices.splits[id] ?? initial);
  const frame = useRef<HTMLDivElement>(null);

  const move = (target: number) => {
    const width = frame.current?.clientWidth ?? 0;
    if (width === 0) return;
    const next = Math.min(Math.max(target, min[0] / width), 1 - min[1] / width);
    if (next > 0 && next < 1)
      stores.ui.choose({ splits: { ...stores.ui.store.getState().choices.splits, [id]: next } });
  };
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const box = frame.current?.getBoundingClientRect();
    if (box && event.currentTarget.hasPointerCapture(event.pointerId))
      move((event.clientX - box.left) / box.width);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    move(share + (event.key === 'ArrowLeft' ? -KEY_STEP : KEY_STEP));
  };

  if (second === null) return <div className={classes.frame}>{first}</div>;
  return (
    <div ref={frame} className={classes.frame}>
      <div className={classes.pane} style={{ flex: `${share} 1 0`, minWidth: min[0] }}>
        {first}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a movable splitter is the separator role with a value, not a rule */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Resize"
        aria-valuenow={Math.round(share * 100)}
        tabIndex={0}
        className={classes.splitter}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDoubleClick={() => move(initial)}
        onKeyDown={press}
      />
      <div className={classes.pane} style={{ flex: `${1 - share} 1 0`, minWidth: min[1] }}>
        {second}
      </div>
    </div>
  );
}
