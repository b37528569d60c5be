import { Button } from '@mantine/core';
import { IconCode, IconLock, IconX } from '@tabler/icons-react';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { toEditorTarget } from '../../components/plugin/editor-target.ts';
import { formatClock, showControls } from '../../components/text/format.ts';
import { useStores } from '../../components/use-stores.tsx';
import { formatRoute } from '../../state/app/route.ts';
import classes from './plugin-problems.module.css';

const SHOWN = 3;

/**
 * The plugins that need attention: what is wrong, which version answers meanwhile, and a link to the file.
 */
export function PluginProblems({ plugins }: { plugins: readonly PluginView[] }) {
  const bad = plugins.filter(({ failure, status }) => failure !== null || status === 'quarantined');
  if (bad.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Plugins with problems">
      {bad.slice(0, SHOWN).map((plugin) => (
        <PluginProblem key={plugin.name} plugin={plugin} />
      ))}
      {bad.length > SHOWN && (
        <li className={classes.more}>
          <a href={`#${formatRoute('plugins')}`}>{bad.length - SHOWN} more</a>
        </li>
      )}
    </ul>
  );
}

function PluginProblem({ plugin }: { plugin: PluginView }) {
  const stores = useStores();
  const { name, failure, notice, serving, loadedAt } = plugin;
  const message = failure?.message ?? notice ?? '';
  const [first = ''] = message.split('\n');
  const place = [failure?.file, failure?.line, failure?.column].filter((part) => part != null).join(':');
  return (
    <li className={classes.problem} data-quarantined={failure === null || undefined}>
      {failure === null ? <IconLock size={15} aria-hidden /> : <IconX size={15} stroke={2.25} aria-hidden />}
      <a className={classes.name} href={`#${formatRoute('plugins', { item: name })}`}>
        {name}
      </a>
      <span className={classes.message} title={showControls(message)}>
        {showControls(first)}
      </span>
      {place !== '' && <span className={classes.place}>{place}</span>}
      <span className={classes.serving}>
        {serving && loadedAt !== null ? `still serving ${formatClock(loadedAt)}` : 'answers with an error'}
      </span>
      {place !== '' && (
        <Button
          size="compact-xs"
          leftSection={<IconCode size={13} />}
          onClick={() => stores.editor.open(toEditorTarget(plugin))}
        >
          Open file
        </Button>
      )}
    </li>
  );
}
