import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Panel } from '../../components/page.tsx';
import { executeCurl, healthCurl } from './curl.ts';
import classes from './overview.module.css';

/** The same from a shell: what /health answers, and a call to copy. */
export function TryIt({ snapshot }: { snapshot: RuntimeSnapshot }) {
  const execute = executeCurl(snapshot);
  return (
    <Panel title="From a shell">
      <div className={classes.shell}>
        <CodeBlock text={healthCurl(snapshot.baseUrl)} copyLabel="Copy command" wrap />
        <JsonView value={{ ...snapshot.health }} bare />
        {execute !== null && <CodeBlock text={execute} copyLabel="Copy command" wrap />}
      </div>
    </Panel>
  );
}
