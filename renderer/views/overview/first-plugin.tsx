import { Button } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { openPluginsFolder } from '../../state/plugin-actions.ts';
import { NewPluginButton } from '../plugins/new-plugin-button.tsx';
import classes from './first-plugin.module.css';

const EXAMPLE = `export const execute = async (data) => ({
  greeting: \`Hello, \${data._context.username ?? data.user_id}\`,
});
`;

/** What to do first, where the plugins folder is empty or not there. */
export function FirstPlugin({ snapshot: { folder, baseUrl } }: { snapshot: RuntimeSnapshot }) {
  const missing = folder.state === 'missing';
  return (
    <section className={classes.card} aria-labelledby="first-plugin">
      <h2 id="first-plugin" className={classes.title}>
        Make your first plugin
      </h2>
      <ol className={classes.steps}>
        <Step number={1} title="Create it">
          <p className={classes.text}>
            A name and a language, and it runs. Change it in your editor from then on.
          </p>
          <div>
            <NewPluginButton />
          </div>
          <p className={classes.text}>
            Or by hand: {missing ? 'make the folder and' : 'save'} a file like this one.
          </p>
          <CodeBlock text={`${folder.path}/hello/logic.ts`} copyLabel="Copy path" wrap />
          <CodeBlock text={EXAMPLE} copyLabel="Copy code" />
        </Step>
        <Step number={2} title="It is live when it is saved">
          <p className={classes.text}>
            The line at the bottom of the window says so: “hello loaded”. No restart, now or later.
          </p>
        </Step>
        <Step number={3} title="Call it">
          <CodeBlock text={`curl -s ${baseUrl}/api/execute/hello -d '{}'`} copyLabel="Copy command" wrap />
          <p className={classes.text}>
            Or on the Run screen. Its trace then shows where each injected value came from.
          </p>
        </Step>
      </ol>
      {!missing && (
        <Button leftSection={<IconFolderOpen size={14} />} onClick={openPluginsFolder}>
          Open plugins folder
        </Button>
      )}
    </section>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className={classes.step}>
      <span className={classes.number} aria-hidden>
        {number}
      </span>
      <div className={classes.content}>
        <h3 className={classes.stepTitle}>{title}</h3>
        {children}
      </div>
    </li>
  );
}
