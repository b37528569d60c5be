import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCode, IconX } from '@tabler/icons-react';
import type { PluginFailure, PluginView } from '../../../main/contract/plugin-view.ts';
import { DriverRemedy } from '../../components/plugin/driver-box.tsx';
import { toEditorTarget } from '../../components/plugin/editor-target.ts';
import { formatClock, showControls } from '../../components/text/format.ts';
import { StackBlock } from '../../components/text/stack-block.tsx';
import { Time } from '../../components/text/values.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { CodeFrame } from './code-frame.tsx';
import classes from './plugin-failure.module.css';

/** Why the newest version doesn't load, where, and which version answers meanwhile. */
export function PluginFailureBox({ plugin, failure }: { plugin: PluginView; failure: PluginFailure }) {
  const stores = useStores();
  return (
    <section className={classes.failure} aria-label="Failure">
      <div className={classes.head}>
        <IconX size={15} stroke={2.25} aria-hidden />
        <span className={classes.message}>{showControls(failure.message)}</span>
      </div>
      <div className={classes.where}>
        {failure.file !== null && <span className="mono">{placeOf(failure)}</span>}
        <span>
          since <Time at={failure.at} coarse />
        </span>
        {failure.file !== null && (
          <Button
            size="compact-xs"
            className={classes.open ?? ''}
            leftSection={<IconCode size={13} />}
            onClick={() => stores.editor.open(toEditorTarget(plugin))}
          >
            Open file
          </Button>
        )}
      </div>
      <DriverRemedy message={failure.message} />
      {failure.codeFrame !== null && <CodeFrame text={failure.codeFrame} />}
      {failure.stack !== null && <StackBlock plugin={plugin.name} stack={failure.stack} />}
      <p className={classes.serving} data-serving={plugin.serving || undefined}>
        {describeServing(plugin)}
      </p>
    </section>
  );
}

/** store.ts:14:22 */
function placeOf({ file, line, column }: PluginFailure): string {
  return [file, line, column].filter((part) => part !== null).join(':');
}

/** "Still serving the version of 12:31:04 (3f9c21ab)." */
function describeServing({ serving, loadedAt, contentHash }: PluginView): string {
  if (!serving || loadedAt === null)
    return 'No version has loaded: calls are answered with PLUGIN_LOAD_FAILED.';
  const hash = contentHash === null ? '' : ` (${contentHash.slice(0, 8)})`;
  return `Still serving the version of ${formatClock(loadedAt)}${hash}. Save a fix to reload it.`;
}

/** A notice of the runtime about a plugin that is not a failure to load. */
export function PluginNotice({ text }: { text: string }) {
  return (
    <p className={classes.notice}>
      <IconAlertTriangle size={15} aria-hidden />
      <span>{showControls(text)}</span>
    </p>
  );
}
