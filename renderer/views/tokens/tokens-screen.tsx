import { IconClipboardText, IconPlayerPlay, IconRefresh, IconSignature } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { TokenSetup } from '../../../main/contract/token.ts';
import { useCommands } from '../../components/controls/use-commands.ts';
import { Page } from '../../components/layout/page.tsx';
import { SplitPane } from '../../components/layout/split-pane.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { readyValue } from '../../state/app/loadable.ts';
import { IssuerButton } from './issuer-panel.tsx';
import { MakeToken } from './make-token.tsx';
import { Results } from './results.tsx';
import { focusTokenField } from './token-field.tsx';
import { BackButton, TryExternalButton } from './try-external.tsx';

/** Create, decode and verify tokens. */
export function TokensScreen() {
  const stores = useStores();
  const setup = useStore(stores.tokenSetup.store, (state) => readyValue(state.setup));
  useEffect(() => {
    stores.personas.refresh().catch((error) => console.error('personas not loaded', error));
    stores.tokenSetup.refresh().catch((error) => console.error('token settings not loaded', error));
    return stores.tokens.followPreview();
  }, []);
  useTokenCommands(setup);
  return (
    <Page
      title="Tokens"
      note={setup && describeMode(setup)}
      actions={setup && <Actions setup={setup} />}
      layout="flush"
    >
      <SplitPane id="tokens" initial={0.4} min={[340, 420]} first={<MakeToken />} second={<Results />} />
    </Page>
  );
}

function Actions({ setup }: { readonly setup: TokenSetup }) {
  return (
    <>
      {setup.isTrial && <BackButton />}
      {setup.devIssuer === null && <TryExternalButton setup={setup} />}
      {setup.keys !== null && <IssuerButton setup={setup} />}
    </>
  );
}

function describeMode({ mode, accepts, devIssuer, issuer, isTrial }: TokenSetup): string {
  const algorithms = accepts.join(', ');
  if (mode === 'local') return `Local mode: ${algorithms} with JWT_SECRET`;
  if (devIssuer !== null) {
    return `External mode: ${algorithms} of the development issuer${isTrial ? ', for this run' : ''}`;
  }
  return `External mode: ${algorithms} of ${issuer ?? 'your provider'}`;
}

function useTokenCommands(setup: TokenSetup | undefined): void {
  const { tokens, tokenSetup } = useStores();
  const token = useStore(tokens.store, (state) => state.token);
  useCommands([
    {
      id: 'tokens.mint',
      title: 'Mint token',
      group: 'This screen',
      icon: IconSignature,
      keys: 'M',
      unavailable: setup?.noMint ?? null,
      run: tokens.mint,
    },
    {
      id: 'tokens.paste',
      title: 'Inspect token',
      about: 'Focuses the field to paste it into',
      group: 'This screen',
      icon: IconClipboardText,
      keys: 'P',
      run: () => {
        tokens.showTab('token');
        focusTokenField();
      },
    },
    {
      id: 'tokens.run',
      title: 'Run with token',
      group: 'This screen',
      icon: IconPlayerPlay,
      unavailable: token === '' ? 'Mint or paste a token first' : null,
      run: tokens.runWithToken,
    },
    {
      id: 'tokens.rotate',
      title: 'Rotate key',
      about: 'Of the development issuer',
      group: 'This screen',
      icon: IconRefresh,
      unavailable: setup?.devIssuer ? null : 'The development issuer is off',
      run: () => tokenSetup.rotateKey({ announced: true }),
    },
  ]);
}
