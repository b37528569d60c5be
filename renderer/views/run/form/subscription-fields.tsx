import { TextInput } from '@mantine/core';
import { useStore } from 'zustand';
import { parseTiers } from '../../../../main/contract/persona-subscription.ts';
import type { PersonaId } from '../../../../main/contract/run.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { type EnteredSubscription, enteredSubscription } from '../../../state/run/form-store.ts';
import classes from './run-form.module.css';

/** The plan and the tiers of a persona; nothing where plans restrict nobody. */
export function SubscriptionFields({ persona }: { readonly persona: PersonaId }) {
  const { runtime, runForm } = useStores();
  const isOn = useStore(runtime.store, ({ snapshot }) => readyValue(snapshot)?.monetization === true);
  const entered = useStore(runForm.store, ({ choices }) => enteredSubscription(choices, persona));
  if (!isOn) return null;
  return (
    <SubscriptionInputs
      entered={entered}
      onEnter={(changes) => runForm.enterSubscription(persona, { ...entered, ...changes })}
    />
  );
}

interface SubscriptionInputsProps {
  readonly entered: EnteredSubscription;
  readonly onEnter: (changes: Partial<EnteredSubscription>) => void;
}

export function SubscriptionInputs({ entered: { plan, tiers }, onEnter }: SubscriptionInputsProps) {
  const areTiersWrong = parseTiers(tiers) === null;
  return (
    <div className={classes.choices}>
      <TextInput
        label="Plan"
        placeholder="As stored"
        value={plan}
        onChange={(event) => onEnter({ plan: event.currentTarget.value })}
        maxLength={100}
        spellCheck={false}
      />
      <TextInput
        label="Tiers"
        placeholder="videos=pro, notes=basic"
        value={tiers}
        error={areTiersWrong ? 'Not sent: write plugin=tier, separated by commas' : undefined}
        onChange={(event) => onEnter({ tiers: event.currentTarget.value })}
        maxLength={500}
        spellCheck={false}
      />
    </div>
  );
}
