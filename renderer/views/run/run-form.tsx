import { Button, Input, PasswordInput, Select } from '@mantine/core';
import { IconAlignLeft, IconInfoCircle, IconPlayerPlay } from '@tabler/icons-react';
import { showControls } from '../../components/format.ts';
import { JsonEditor } from '../../components/json-editor.tsx';
import { PersonaSelect } from '../../components/persona-select.tsx';
import { useCommands } from '../../components/use-commands.ts';
import { choose, navigate, setCustomToken, uiStore } from '../../state/ui.ts';
import { BodyMenu } from './body-menu.tsx';
import { CurlButton } from './curl-button.tsx';
import { RunButton } from './run-button.tsx';
import classes from './run-form.module.css';
import { bodyHint, judgeBody, prettyJson } from './run-model.ts';
import { startRun } from './run-store.ts';
import { useRunWish } from './use-run-wish.ts';

/** Plugin, persona, body, and the one button. */
export function RunForm() {
  const { wish, plugins } = useRunWish();
  const { plugin, persona, body, token } = wish;
  const names = plugins.map(({ name }) => name);
  const missing = plugin !== '' && !names.includes(plugin);
  const run = () => {
    if (plugin !== '') startRun(wish).catch((error) => console.error('run failed', error));
  };
  useCommands([
    {
      id: 'run.send',
      title: plugin === '' ? 'Run' : `Run ${plugin} with this body`,
      group: 'This screen',
      icon: IconPlayerPlay,
      // Everywhere on the screen; the editor has it from its own keymap.
      keys: 'mod+Enter',
      unavailable: plugin === '' ? 'No plugin is chosen' : null,
      run,
    },
  ]);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <div className={classes.choices}>
        <PluginSelect names={missing ? [plugin, ...names] : names} plugin={plugin} />
        <PersonaSelect label="Persona" value={persona} onChange={(chosen) => choose({ persona: chosen })} />
      </div>
      {missing && <Note text={`There is no plugin “${plugin}”: the answer will be 404.`} />}
      {persona === 'custom' && <TokenField token={token} />}
      <BodyField plugin={plugin} body={body} onSubmit={run} />
      <div className={classes.foot}>
        <RunButton disabled={plugin === ''} />
        <CurlButton wish={wish} />
      </div>
    </form>
  );
}

function PluginSelect({ names, plugin }: { readonly names: readonly string[]; readonly plugin: string }) {
  return (
    <Select
      label="Plugin"
      placeholder={names.length === 0 ? 'No plugins yet' : 'Choose a plugin'}
      data={names}
      value={plugin === '' ? null : plugin}
      onChange={(name) => {
        if (name !== null) navigate('run', { item: name }, { replace: true });
      }}
      allowDeselect={false}
      searchable
      nothingFoundMessage="No such plugin"
    />
  );
}

function TokenField({ token }: { readonly token: string }) {
  return (
    <PasswordInput
      label="Bearer token"
      placeholder="eyJ…"
      description="Kept in memory only, until the page is closed"
      value={token}
      onChange={(event) => setCustomToken(event.currentTarget.value.trim())}
      autoComplete="off"
      spellCheck={false}
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
    />
  );
}

interface BodyFieldProps {
  readonly plugin: string;
  readonly body: string;
  readonly onSubmit: () => void;
}

function BodyField({ plugin, body, onSubmit }: BodyFieldProps) {
  const hint = bodyHint(body);
  const write = (text: string) => {
    choose({ runBodies: { ...uiStore.getState().choices.runBodies, [plugin]: text } });
  };
  const format = () => {
    if (judgeBody(body).kind !== 'invalid' && body.trim() !== '') write(prettyJson(JSON.parse(body)));
  };
  return (
    <div className={classes.body}>
      <div className={classes.bodyHead}>
        <Input.Label component="span" className={classes.label ?? ''}>
          JSON body
        </Input.Label>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconAlignLeft size={14} />}
          disabled={judgeBody(body).kind === 'invalid'}
          onClick={format}
        >
          Format
        </Button>
        <BodyMenu plugin={plugin} onChoose={write} />
      </div>
      <div className={classes.editor}>
        <JsonEditor label="JSON body" value={body} onChange={write} onSubmit={onSubmit} />
      </div>
      <div className={classes.hint} aria-live="polite">
        {hint !== null && <Note text={hint} />}
      </div>
    </div>
  );
}

function Note({ text }: { readonly text: string }) {
  return (
    <span className={classes.note}>
      <IconInfoCircle size={14} aria-hidden />
      <span>{showControls(text)}</span>
    </span>
  );
}
