import { Input, PasswordInput, Select, Switch } from '@mantine/core';
import { IconPlayerPlay, IconUsers } from '@tabler/icons-react';
import { useId } from 'react';
import { useStore } from 'zustand';
import { fillPluginName, ROUTES } from '../../../../main/contract/http.ts';
import { COMMAND_IDS } from '../../../../main/contract/window.ts';
import { PersonaSelect } from '../../../components/controls/persona-select.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { showControls } from '../../../components/text/format.ts';
import { choose, navigate, setCustomToken } from '../../../state/app/ui.ts';
import { send } from '../result/send.ts';
import { SampleDialogs } from '../samples/sample-dialog.tsx';
import { BodyField } from './body-field.tsx';
import { CurlButton } from './curl-button.tsx';
import { PersonaPicker } from './persona-picker.tsx';
import { RunButton } from './run-button.tsx';
import { chooseRoute, chooseRun, runChoices } from './run-choices.ts';
import classes from './run-form.module.css';
import { useRunWish } from './use-run-wish.ts';

/** Plugin, persona or personas, body, and the Run button. */
export function RunForm() {
  const { wish, plugins } = useRunWish();
  const { plugin, persona, body, route, token } = wish;
  const { several, personas } = useStore(runChoices);
  const names = plugins.map(({ name }) => name);
  const missing = plugin !== '' && !names.includes(plugin);
  const nobody = several && personas.length === 0;
  const run = () => send(wish, several ? personas : null);
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
          <CurlButton wish={several ? { ...wish, persona: personas[0] ?? persona } : wish} />
        </div>
      </form>
      <SampleDialogs />
    </>
  );
}

function useRunCommands(plugin: string, nobody: boolean, run: () => Promise<void>): void {
  const { several } = useStore(runChoices);
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
      run: () => chooseRun({ several: !several }),
    },
  ]);
}

function PersonaField() {
  const several = useStore(runChoices, (choices) => choices.several);
  const { persona } = useRunWish().wish;
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
          onChange={(event) => chooseRun({ several: event.currentTarget.checked })}
          classNames={{ label: classes.severalLabel ?? '', body: classes.severalBody ?? '' }}
        />
      </div>
      {several ? (
        <PersonaPicker />
      ) : (
        <PersonaSelect value={persona} onChange={(chosen) => choose({ persona: chosen })} />
      )}
    </div>
  );
}

function PluginSelect({ names, plugin }: { readonly names: readonly string[]; readonly plugin: string }) {
  return (
    <Select
      label="Plugin"
      placeholder={names.length === 0 ? 'No plugins yet' : 'Select a plugin'}
      data={names}
      value={plugin === '' ? null : plugin}
      onChange={(name) => {
        if (name !== null) navigate('run', { item: name }, { replace: true });
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
  return (
    <p className={classes.remark}>
      Sent to <span className="mono">{fillPluginName(ROUTES.hostExecute, plugin)}</span>, as in its trace.{' '}
      <button type="button" className={classes.link} onClick={() => chooseRoute(plugin, 'execute')}>
        Use {fillPluginName(ROUTES.execute, plugin)}
      </button>
    </p>
  );
}

function TokenField({ token }: { readonly token: string }) {
  return (
    <PasswordInput
      label="Bearer token of “Your own”"
      placeholder="eyJ…"
      description="Held in memory only, until the page is closed"
      value={token}
      onChange={(event) => setCustomToken(event.currentTarget.value.trim())}
      autoComplete="off"
      spellCheck={false}
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
    />
  );
}
