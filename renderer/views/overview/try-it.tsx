import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { JsonView } from '../../components/json/json-view.tsx';
import { Panel } from '../../components/layout/page.tsx';
import { CodeBlock } from '../../components/text/code-block.tsx';
import { executeCurl, healthCurl } from './curl.ts';
import classes from './overview.module.css';

/** The runtime from a shell: what /health answers, and a call to copy. */
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
