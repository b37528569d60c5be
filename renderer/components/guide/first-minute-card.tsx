import { Button, TextInput } from '@mantine/core';
import { IconPlus, IconPresentation, IconPuzzle } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { pluginNameProblem } from '../../../main/contract/plugin-name.ts';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { MINUTE_STEPS, type MinuteStep } from '../../state/app/first-minute.ts';
import { KeyHint } from '../controls/key-hint.tsx';
import { ENTRY_FILES } from '../plugin/language.ts';
import { LanguageChoice } from '../plugin/language-choice.tsx';
import { NewPluginButton } from '../plugin/new-plugin-button.tsx';
import { EmptyState } from '../status/states.tsx';
import { CodeBlock } from '../text/code-block.tsx';
import { useStores } from '../use-stores.tsx';
import classes from './first-minute-card.module.css';
import { MINUTE_TITLES } from './first-minute-titles.ts';
import { StepMark } from './guide.tsx';

const STEP_NOTES: Readonly<Record<MinuteStep, string>> = {
  create: 'A folder with one file. It runs at once.',
  open: 'In your editor if one is found, otherwise copy its path.',
  call: 'Over HTTP, as an ordinary user.',
  context: 'What the call sent, what the plugin received, and the source of each value.',
  change: 'Save, and the next call runs the new version.',
};

const EXAMPLE = `export const execute = async (data) => ({
  greeting: \`Hello, \${data._context.username ?? data.user_id}\`,
});
`;

/** What to do first when the plugins folder is empty or missing. */
export function FirstMinuteCard({ snapshot: { folder, baseUrl } }: { snapshot: RuntimeSnapshot }) {
  const stores = useStores();
  const closed = useStore(stores.firstMinute.store, ({ phase }) => phase === 'closed');
  if (closed) return <NoPlugins path={folder.path} />;
  return (
    <section className={classes.card} aria-labelledby="first-minute">
      <header className={classes.head}>
        <h2 id="first-minute" className={classes.title}>
          Create your first plugin
        </h2>
        <Button variant="subtle" size="compact-xs" onClick={stores.firstMinute.close}>
          Not now
        </Button>
      </header>
      <div className={classes.columns}>
        <Form folder={folder.path} />
        <Checklist />
      </div>
      <details className={classes.hand}>
        <summary>By hand instead</summary>
        <div className={classes.blocks}>
          <CodeBlock text={`${folder.path}/hello/logic.ts`} copyLabel="Copy path" wrap />
          <CodeBlock text={EXAMPLE} copyLabel="Copy code" />
          <CodeBlock text={`curl -s ${baseUrl}/api/execute/hello -d '{}'`} copyLabel="Copy command" wrap />
        </div>
      </details>
    </section>
  );
}

function Form({ folder }: { folder: string }) {
  const stores = useStores();
  const [name, setName] = useState('greeter');
  const [language, setLanguage] = useState<PluginView['language']>('typescript');
  const { steps, refusal } = useStore(stores.firstMinute.store);
  const nameProblem = pluginNameProblem(name);
  const problem = name === '' ? null : (nameProblem ?? refusal);
  const isName = name !== '' && nameProblem === null;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        return stores.firstMinute.begin(name, language);
      }}
    >
      <TextInput
        label="Name"
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        value={name}
        error={problem}
        onChange={(event) => {
          stores.firstMinute.store.setState({ refusal: null });
          setName(event.currentTarget.value);
        }}
      />
      <LanguageChoice value={language} onChange={setLanguage} />
      <p className={classes.path} title={folder}>
        <bdi className="mono">
          {folder}/{name || '…'}/{ENTRY_FILES[language]}
        </bdi>
      </p>
      <Buttons busy={steps.create.state === 'running'} disabled={!isName} />
    </form>
  );
}

function Buttons({ busy, disabled }: { readonly busy: boolean; readonly disabled: boolean }) {
  const stores = useStores();
  return (
    <div className={classes.buttons}>
      <Button
        type="submit"
        variant="filled"
        leftSection={<IconPlus size={14} />}
        rightSection={
          <span className={classes.key}>
            <KeyHint keys="Enter" />
          </span>
        }
        loading={busy}
        disabled={disabled}
      >
        Create
      </Button>
      <Button
        variant="subtle"
        leftSection={<IconPresentation size={14} />}
        onClick={stores.demo.showContract}
      >
        Show me the contract first
      </Button>
    </div>
  );
}

function Checklist() {
  const stores = useStores();
  const steps = useStore(stores.firstMinute.store, (state) => state.steps);
  return (
    <ol className={classes.list} aria-label="What will happen">
      {MINUTE_STEPS.map((step, index) => (
        <li key={step} className={classes.step}>
          <StepMark state={steps[step].state} number={index + 1} />
          <span>
            <span className={classes.name}>{MINUTE_TITLES[step]}</span>
            <span className={classes.note}>{STEP_NOTES[step]}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Once the card was dismissed: where plugins are looked for, and two ways to continue. */
function NoPlugins({ path }: { path: string }) {
  const stores = useStores();
  return (
    <EmptyState
      icon={IconPuzzle}
      title="No plugin yet"
      text={
        <>
          <div>
            A plugin is a folder with a file logic.ts, .js or .py. It runs as soon as it is saved. Watched
            folder:
          </div>
          <div className="mono">{path}</div>
        </>
      }
      action={
        <>
          <NewPluginButton />
          <Button leftSection={<IconPresentation size={14} />} onClick={stores.demo.showContract}>
            Show the contract
          </Button>
        </>
      }
    />
  );
}
