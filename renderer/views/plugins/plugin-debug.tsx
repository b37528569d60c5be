import { IconBug } from '@tabler/icons-react';
import type { DebugView, PluginView } from '../../../main/contract/plugin-view.ts';
import { Copyable } from '../../components/controls/copy-button.tsx';
import { Fact } from '../../components/layout/fact.tsx';
import { CodeBlock } from '../../components/text/code-block.tsx';
import { attachConfiguration } from './attach-configuration.ts';
import classes from './plugin-debug.module.css';

/** Where a debugger attaches to this plugin, and whether one is. */
export function PluginDebug({ plugin, debug }: { plugin: PluginView; debug: DebugView }) {
  const address = `127.0.0.1:${debug.port}`;
  const isPython = plugin.language === 'python';
  return (
    <section className={classes.box} aria-label="Debugger">
      <div className={classes.head}>
        <IconBug size={15} aria-hidden />
        <span className={classes.state} role="status" data-attached={debug.attached || undefined}>
          {debug.attached ? 'A debugger is attached: timeouts paused' : 'Waiting for a debugger to attach'}
        </span>
      </div>
      <dl className={classes.facts}>
        <Fact term="Address">
          <Copyable text={address} label="Copy address">
            <span className="mono">{address}</span>
          </Copyable>
        </Fact>
        {debug.url !== null && (
          <Fact term="WebSocket">
            <Copyable text={debug.url} label="Copy WebSocket address">
              <span className="mono">{debug.url}</span>
            </Copyable>
          </Fact>
        )}
        {!isPython && (
          <Fact term="Chrome">
            <Copyable text="chrome://inspect" label="Copy link">
              <span className="mono">chrome://inspect</span>
            </Copyable>
            <span className={classes.how}>add the address under Configure</span>
          </Fact>
        )}
        <Fact term="VS Code">an entry of launch.json:</Fact>
      </dl>
      <CodeBlock text={attachConfiguration(plugin, debug)} copyLabel="Copy configuration" />
      <p className={classes.note}>
        Reloads keep the port. Until you stop, any program on this machine can attach.
      </p>
    </section>
  );
}
