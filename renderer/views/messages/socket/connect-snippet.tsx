import { useStore } from 'zustand';
import { CodeBlock } from '../../../components/text/code-block.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';

/** How a page connects to this runtime. */
export function ConnectSnippet() {
  const { runtime } = useStores();
  const baseUrl = useStore(runtime.store, ({ snapshot }) => readyValue(snapshot)?.baseUrl ?? '');
  const address = `${baseUrl.replace(/^http/, 'ws')}/ws/notifications/_`;
  return (
    <CodeBlock
      text={`const socket = new WebSocket(
  '${address}',
  ['access_token.' + token],
);
socket.onmessage = ({ data }) => console.log(JSON.parse(data));`}
      copyLabel="Copy the lines that connect"
    />
  );
}
