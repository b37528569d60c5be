import { Button } from '@mantine/core';
import { IconSignature } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PersonaView } from '../../../main/contract/run.ts';
import { JsonEditor } from '../../components/json-editor.tsx';
import { LoadingRows, LoadState } from '../../components/states.tsx';
import { personaStore, refreshPersonas } from '../../state/personas.ts';
import { mintToken, offerPersona, setClaims, takePersona, tokenStore } from '../../state/tokens.ts';
import classes from './tokens.module.css';

/** Personas to start from, their claims to edit, and a signature under them. */
export function MakeToken() {
  const personas = useStore(personaStore, (state) => state.personas);
  return (
    <div className={classes.make}>
      <section>
        <h2 className={classes.heading}>Start from a persona</h2>
        <LoadState
          load={personas}
          what="The personas"
          onRetry={refreshPersonas}
          skeleton={<LoadingRows rows={7} />}
        >
          {(all) => <PersonaList personas={all.filter(({ id }) => id !== 'anonymous' && id !== 'custom')} />}
        </LoadState>
      </section>
      <ClaimsEditor />
    </div>
  );
}

function PersonaList({ personas }: { personas: readonly PersonaView[] }) {
  const chosen = useStore(tokenStore, (state) => state.persona);
  useEffect(() => offerPersona(personas.find(({ claims }) => claims !== null)), [personas]);
  const first = personas[0];
  // Where no token can be made here, one sentence says so instead of a list of dead buttons.
  if (first && personas.every(({ unavailable }) => unavailable !== null)) {
    return <p className={classes.dim}>{first.unavailable}</p>;
  }
  return (
    <ul className={classes.personas}>
      {personas.map((persona) => (
        <li key={persona.id}>
          <PersonaButton persona={persona} chosen={persona.id === chosen} />
        </li>
      ))}
    </ul>
  );
}

function PersonaButton({ persona, chosen }: { persona: PersonaView; chosen: boolean }) {
  const { label, description, unavailable, claims } = persona;
  return (
    <button
      type="button"
      className={classes.persona}
      aria-pressed={chosen}
      disabled={unavailable !== null || claims === null}
      onClick={() => takePersona(persona)}
    >
      <span className={classes.personaName}>{label}</span>
      <span className={classes.personaAbout}>{unavailable ?? description}</span>
    </button>
  );
}

function ClaimsEditor() {
  const { claims, minting, mintError } = useStore(tokenStore);
  return (
    <section className={classes.claims}>
      <div className={classes.headingRow}>
        <h2 className={classes.heading}>Claims</h2>
        <Button
          variant="filled"
          leftSection={<IconSignature size={14} />}
          loading={minting}
          disabled={claims.trim() === ''}
          onClick={mintToken}
        >
          Mint token
        </Button>
      </div>
      <div className={classes.editor}>
        <JsonEditor label="Claims" value={claims} onChange={setClaims} onSubmit={mintToken} height="240px" />
      </div>
      {mintError !== null && (
        <p className={classes.error} role="alert">
          {mintError}
        </p>
      )}
    </section>
  );
}
