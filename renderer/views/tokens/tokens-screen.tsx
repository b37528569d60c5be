import { useEffect } from 'react';
import { Page } from '../../components/page.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { refreshPersonas } from '../../state/personas.ts';
import { MakeToken } from './make-token.tsx';
import { ReadToken } from './read-token.tsx';

/** Make, decode and verify tokens. */
export function TokensScreen() {
  useEffect(() => {
    refreshPersonas();
  }, []);
  return (
    <Page title="Tokens" note="What the runtime makes of a bearer token" layout="flush">
      <SplitPane id="tokens" initial={0.36} min={[300, 420]} first={<MakeToken />} second={<ReadToken />} />
    </Page>
  );
}
