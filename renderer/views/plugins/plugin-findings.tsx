import { IconInfoCircle } from '@tabler/icons-react';
import type { FindingCount } from '../../../main/contract/finding.ts';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { plural, showControls } from '../../components/text/format.ts';
import { MuteButton, useMuteCommands, useMuted } from '../../components/trace/mute-button.tsx';
import { describeCount, mutableCollection } from '../../components/trace/rule-text.ts';
import { useStores } from '../../components/use-stores.tsx';
import { formatRoute } from '../../state/app/route.ts';
import detail from './plugin-detail.module.css';
import classes from './plugin-findings.module.css';

/** What rules found in a plugin's calls, each with the newest trace, and which collections are muted. */
export function PluginFindings({ plugin: { stats } }: { readonly plugin: PluginView }) {
  const { findings } = stats;
  const muted = useMuted();
  useMuteCommands(findings, muted);
  if (findings.length === 0 && muted.length === 0) return null;
  return (
    <section>
      <div className={detail.sectionHead}>
        <h3 className={detail.section}>Findings</h3>
      </div>
      {findings.length === 0 && <p className={classes.muted}>None in the calls of this version.</p>}
      <ul className={classes.list}>
        {findings.map((count) => (
          <FindingLine key={`${count.rule} ${count.collection}`} count={count} />
        ))}
      </ul>
      {muted.length > 0 && (
        <p className={classes.muted}>
          {plural(muted.length, 'collection')} muted in all plugins:{' '}
          {muted.map((collection) => (
            <span key={collection} className={classes.mute}>
              <MuteButton collection={collection} muted />
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

function FindingLine({ count }: { readonly count: FindingCount }) {
  const { ui } = useStores();
  const { latestTrace } = count;
  const collection = mutableCollection(count);
  return (
    <li className={classes.line}>
      <IconInfoCircle size={14} stroke={1.75} aria-hidden className={classes.icon} />
      <span className={classes.text}>
        <a
          href={`#${formatRoute('traces', { item: latestTrace })}`}
          title="Opens the newest of their traces"
          onClick={() => ui.chooseTab('trace', 'waterfall')}
        >
          {showControls(describeCount(count))}
        </a>
      </span>
      {collection !== null && <MuteButton collection={collection} muted={false} />}
    </li>
  );
}

/** How many kinds of findings a plugin's calls had, beside its name in the table. */
export function FindingsMark({ findings }: { readonly findings: readonly FindingCount[] }) {
  if (findings.length === 0) return null;
  const text = findings.map(describeCount).map(showControls).join(', ');
  return (
    <span className={classes.mark} title={text}>
      <IconInfoCircle size={13} stroke={2} role="img" aria-label={plural(findings.length, 'finding')} />
    </span>
  );
}
