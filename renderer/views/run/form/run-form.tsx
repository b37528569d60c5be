import { Button, Input, Menu, PasswordInput, Select, Switch } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay, IconTerminal2, IconUsers } from '@tabler/icons-react';
import { useId } from 'react';
import { useStore } from 'zustand';
import { fillPluginName, ROUTES } from '../../../../main/contract/http.ts';
import { COMMAND_IDS } from '../../../../main/contract/window.ts';
import { PersonaSelect } from '../../../components/controls/persona-select.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { copyText } from '../../../page.ts';
import { toFailure } from '../../../state/app/loadable.ts';
import type { RunInput } from '../../../state/run/form-store.ts';
import { toRunCall } from '../../../state/run/runs-store.ts';
import { SampleDialogs } from '../samples/sample-dialog.tsx';
import { BodyField } from './body-field.tsx';
import { PersonaPicker } from './persona-picker.tsx';
import { RunButton } from './run-button.tsx';
import classes from './run-form.module.css';
import { SubscriptionFields } from './subscription-fields.tsx';
import { useRunInput } from './use-run-input.ts';

/** Plugin, persona or personas, body, and the Run button. */
export function RunForm() {
  const { runForm, runs } = useStores();
  const { input, plugins } = useRunInput();
  const { plugin, persona, body, route, token } = input;
  const { several, personas } = useStore(runForm.store, ({ choices }) => choices);
  const names = plugins.map(({ name }) => name);
  const missing = plugin !== '' && !names.includes(plugin);
  const nobody = several && personas.length === 0;
  const run = () => runs.start(input, several ? personas : null);
  useRunCommands(plugin, nobody, run);
  const asCustom = several ? personas.includes('custom') : persona === 'custom';
  return (
    <>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          return run();
        }}
      >
        <div className={classes.choices}>
          <PluginSelect names={missing ? [plugin, ...names] : names} plugin={plugin} />
          <PersonaField />
        </div>
        {!several && <SubscriptionFields persona={persona} />}
        {missing && (
          <p className={classes.remark}>Plugin “{showControls(plugin)}” not found: the answer will be 404.</p>
        )}
        {route === 'plugin-host' && <HostRoute plugin={plugin} />}
        {asCustom && <TokenField token={token} />}
        <BodyField
          plugin={plugin}
          body={body}
          sending={{ route, hasToken: several ? null : persona !== 'anonymous' }}
          onSubmit={run}
        />
        <div className={classes.foot}>
          <RunButton disabled={plugin === '' || nobody} count={several ? personas.length : 1} />
          <CurlButton input={several ? { ...input, persona: personas[0] ?? persona } : input} />
        </div>
      </form>
      <SampleDialogs />
    </>
  );
}

function useRunCommands(plugin: string, nobody: boolean, run: () => Promise<void>): void {
  const { runForm } = useStores();
  const several = useStore(runForm.store, ({ choices }) => choices.several);
  const missing = plugin === '' ? 'Select a plugin first' : null;
  useCommands([
    {
      id: COMMAND_IDS.runAgain,
      title: plugin === '' ? 'Run' : `Run ${plugin}`,
      group: 'This screen',
      icon: IconPlayerPlay,
      // Works everywhere on the screen, in fields too; the editor's own keymap binds it as well.
      keys: 'mod+Enter',
      unavailable: missing ?? (nobody ? 'Select a persona first' : null),
      run,
    },
    {
      id: 'run.several',
      title: several ? 'Run as one persona' : 'Run as several personas and compare',
      group: 'This screen',
      icon: IconUsers,
      keys: 'M',
      run: () => runForm.choose({ several: !several }),
    },
  ]);
}

function PersonaField() {
  const { ui, runForm } = useStores();
  const several = useStore(runForm.store, ({ choices }) => choices.several);
  const { persona } = useRunInput().input;
  const label = useId();
  return (
    <div>
      <div className={classes.personaHead}>
        <Input.Label component="span" id={label}>
          {several ? 'Personas' : 'Persona'}
        </Input.Label>
        <Switch
          size="xs"
          label="Several"
          labelPosition="left"
          checked={several}
          onChange={(event) => runForm.choose({ several: event.currentTarget.checked })}
          classNames={{ label: classes.severalLabel ?? '', body: classes.severalBody ?? '' }}
        />
      </div>
      {several ? (
        <PersonaPicker />
      ) : (
        <PersonaSelect value={persona} onChange={(chosen) => ui.choose({ persona: chosen })} />
      )}
    </div>
  );
}

function PluginSelect({ names, plugin }: { readonly names: readonly string[]; readonly plugin: string }) {
  const { ui } = useStores();
  return (
    <Select
      label="Plugin"
      placeholder={names.length === 0 ? 'No plugins yet' : 'Select a plugin'}
      data={names}
      value={plugin === '' ? null : plugin}
      onChange={(name) => {
        if (name !== null) ui.navigate('run', { item: name }, { replace: true });
      }}
      allowDeselect={false}
      searchable
      nothingFoundMessage="Plugin not found"
      classNames={{ label: classes.pluginLabel ?? '' }}
    />
  );
}

/** A call taken from a trace of the other path uses that path again. */
function HostRoute({ plugin }: { readonly plugin: string }) {
  const { runForm } = useStores();
  return (
    <p className={classes.remark}>
      Sent to <span className="mono">{fillPluginName(ROUTES.hostExecute, plugin)}</span>, as in its trace.{' '}
      <button type="button" className={classes.link} onClick={() => runForm.chooseRoute(plugin, 'execute')}>
        Use {fillPluginName(ROUTES.execute, plugin)}
      </button>
    </p>
  );
}

function TokenField({ token }: { readonly token: string }) {
  const { ui } = useStores();
  return (
    <PasswordInput
      label="Bearer token of “Your own”"
      placeholder="eyJ…"
      description="Held in memory only, until the page is closed"
      value={token}
      onChange={(event) => ui.setCustomToken(event.currentTarget.value.trim())}
      autoComplete="off"
      spellCheck={false}
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
    />
  );
}

/** Copies the call as a shell command; the token is included only on a deliberate click. */
function CurlButton({ input }: { readonly input: RunInput }) {
  const { inspector, announcements } = useStores();
  const anonymous = input.persona === 'anonymous';
  const copy = async (revealToken: boolean) => {
    try {
      await copyText(await inspector.call('runAsCurl', { ...toRunCall(input), revealToken }));
      const text = revealToken ? 'It contains the real token. Paste with care.' : '';
      announcements.announce({ tone: 'good', title: 'Copied as curl', text, key: 'curl' });
    } catch (error) {
      const { message } = toFailure(error);
      announcements.announce({ tone: 'bad', title: 'Not copied', text: message, key: 'curl' });
    }
  };
  return (
    <Menu position="top-start" width={260}>
      <Menu.Target>
        <Button
          leftSection={<IconTerminal2 size={14} />}
          rightSection={<IconChevronDown size={14} />}
          disabled={input.plugin === ''}
        >
          Copy as curl
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => copy(false)}>
          {anonymous ? 'Copy command' : 'Copy with $TOKEN as placeholder'}
        </Menu.Item>
        {!anonymous && <Menu.Item onClick={() => copy(true)}>Copy with the real token</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
