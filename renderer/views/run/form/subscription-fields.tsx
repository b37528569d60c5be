import { TextInput } from '@mantine/core';
import { useStore } from 'zustand';
import { parseTiers } from '../../../../main/contract/persona-subscription.ts';
import type { PersonaId } from '../../../../main/contract/run.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { enteredSubscription } from '../../../state/run/form-store.ts';
import classes from './run-form.module.css';

/** The plan and the tiers of a persona; nothing where plans restrict nobody. */
export function SubscriptionFields({ persona }: { readonly persona: PersonaId }) {
  const { runtime, runForm } = useStores();
  const isOn = useStore(runtime.store, ({ snapshot }) => readyValue(snapshot)?.monetization === true);
  const { plan, tiers } = useStore(runForm.store, ({ choices }) => enteredSubscription(choices, persona));
  if (!isOn) return null;
  return (
    <div className={classes.choices}>
      <TextInput
        label="Plan"
        placeholder="As stored"
        value={plan}
        onChange={(event) => runForm.enterSubscription(persona, { plan: event.currentTarget.value, tiers })}
        maxLength={100}
        spellCheck={false}
      />
      <TextInput
        label="Tiers"
        placeholder="videos=pro, notes=basic"
        value={tiers}
        error={parseTiers(tiers) === null ? 'Write plugin=tier, separated by commas' : undefined}
        onChange={(event) => runForm.enterSubscription(persona, { plan, tiers: event.currentTarget.value })}
        maxLength={500}
        spellCheck={false}
      />
    </div>
  );
}
