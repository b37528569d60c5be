import { useEffect, useRef } from 'react';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { CopyButton } from '../../components/controls/copy-button.tsx';
import { Panel } from '../../components/layout/page.tsx';
import classes from './settings.module.css';

/** What runs here, in versions. `wanted`: it was asked for and comes into view. */
export function AboutPanel({ snapshot, wanted }: { snapshot: RuntimeSnapshot; wanted: boolean }) {
  const { versions, contractVersion } = snapshot;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (wanted) place.current?.scrollIntoView({ block: 'nearest' });
  }, [wanted]);
  const rows = [
    ['Mozaiks Workbench', versions.Workbench ?? ''],
    ['Runtime ↔ Platform Contract', contractVersion],
    ...Object.entries(versions).filter(([name]) => name !== 'Workbench'),
    ['Licence', 'MIT'],
  ] as const;
  return (
    <div ref={place}>
      <Panel
        title="About"
        actions={
          <CopyButton
            text={rows.map(([name, value]) => `${name} ${value}`).join('\n')}
            label="Copy versions"
            always
          />
        }
      >
        <dl className={classes.versions}>
          {rows.map(([name, value]) => (
            <div key={name} className={classes.version}>
              <dt>{name}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
        </dl>
        <p className={classes.promise}>
          No account, no telemetry. Nothing leaves this machine but what your plugins send, in external mode
          the request for your provider’s keys, and what you ask it to download.
        </p>
      </Panel>
    </div>
  );
}
