import { Button, SegmentedControl, Tooltip } from '@mantine/core';
import { IconSignature } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PersonaView } from '../../../main/contract/run.ts';
import type { TokenSetup } from '../../../main/contract/token.ts';
import { KeyHint } from '../../components/controls/key-hint.tsx';
import { JsonEditor } from '../../components/json/json-editor.tsx';
import { LoadingRows, LoadState } from '../../components/status/states.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { readyValue } from '../../state/app/loadable.ts';
import { ClaimForm } from './claim-form.tsx';
import classes from './make-token.module.css';

/**
 * Claims: a persona to start from, a form for the usual ones, the JSON for all of them, and the button that
 * signs.
 */
export function MakeToken() {
  const { tokens, tokenSetup } = useStores();
  const { claims } = useStore(tokens.store);
  const setup = useStore(tokenSetup.store, (state) => state.setup);
  return (
    <section className={classes.make} aria-label="Claims">
      <div className={classes.scroll}>
        <Personas />
        <LoadState
          load={setup}
          what="Token settings"
          onRetry={tokenSetup.refresh}
          skeleton={<LoadingRows rows={4} />}
        >
          {(value) => <ClaimForm setup={value} />}
        </LoadState>
        <div className={classes.editor}>
          <JsonEditor label="Claims" value={claims} onChange={tokens.setClaims} onSubmit={tokens.mint} />
        </div>
      </div>
      <MintBar setup={readyValue(setup)} />
    </section>
  );
}

function Personas() {
  const { personas } = useStores();
  const load = useStore(personas.store, (state) => state.personas);
  return (
    <LoadState load={load} what="The personas" onRetry={personas.refresh} skeleton={<LoadingRows rows={2} />}>
      {(all) => <PersonaChips personas={all.filter(({ claims }) => claims !== null)} />}
    </LoadState>
  );
}

/** Each loads its claims into the editor. */
function PersonaChips({ personas }: { personas: readonly PersonaView[] }) {
  const stores = useStores();
  const chosen = useStore(stores.tokens.store, (state) => state.persona);
  useEffect(() => stores.tokens.offerPersona(personas[0]), [personas]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring the styles of a form
    <div className={classes.personas} role="group" aria-label="Start from a persona">
      {personas.map((persona) => (
        <Tooltip key={persona.id} label={persona.description} multiline maw={260}>
          <button
            type="button"
            className={classes.persona}
            aria-pressed={persona.id === chosen}
            onClick={() => stores.tokens.loadPersona(persona)}
          >
            {persona.label}
          </button>
        </Tooltip>
      ))}
    </div>
  );
}

function MintBar({ setup }: { setup: TokenSetup | undefined }) {
  const { tokens } = useStores();
  const { claims, minting, mintError } = useStore(tokens.store);
  const problem = mintError ?? setup?.noMint ?? null;
  return (
    <footer className={classes.bar}>
      {problem !== null && (
        <p className={mintError === null ? classes.hint : classes.error} role="alert">
          {problem}
        </p>
      )}
      <div className={classes.barRow}>
        {setup && <AlgorithmChoice setup={setup} />}
        <Button
          variant="filled"
          leftSection={<IconSignature size={14} />}
          rightSection={<KeyHint keys="M" />}
          loading={minting}
          disabled={claims.trim() === '' || setup === undefined || setup.noMint !== null}
          onClick={tokens.mint}
        >
          Mint token
        </Button>
      </div>
    </footer>
  );
}

/** The mode allows one of the two; the tooltip says what the other one needs. */
function AlgorithmChoice({ setup: { mode, signsWith, accepts } }: { setup: TokenSetup }) {
  const [own = 'HS256'] = mode === 'local' ? accepts : ['HS256'];
  const why =
    mode === 'local'
      ? 'RS256 needs external mode with the development issuer'
      : `${own} is for local mode: external mode does not accept a shared secret`;
  return (
    <Tooltip label={why}>
      <SegmentedControl
        aria-label="Signature algorithm"
        value={signsWith ?? ''}
        data={[
          { value: own, label: own, disabled: signsWith !== own },
          { value: 'RS256', label: 'RS256', disabled: signsWith !== 'RS256' },
        ]}
      />
    </Tooltip>
  );
}
