import { ActionIcon, Button, Popover, SegmentedControl, Switch, TextInput, Tooltip } from '@mantine/core';
import { IconAdjustments, IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { PROBE_LANGUAGES } from '../../../../main/contract/conformance.ts';
import { LANGUAGE_NAMES } from '../../../../main/contract/plugin-view.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { parseTimeout } from '../../../state/contract/contract-target.ts';
import { PROBE_PURPOSE, ProbeButtons } from './save-probe.tsx';
import { SecretField } from './secret-field.tsx';
import classes from './target-picker.module.css';

/** Settings of the next run that are rarely changed. */
export function TargetOptions() {
  const { contractTarget } = useStores();
  const own = useStore(contractTarget.store, ({ target }) => target === 'own');
  useCommands(
    PROBE_LANGUAGES.map((language) => ({
      id: `contract.probe-${language}`,
      title: `Save the probe plugin in ${LANGUAGE_NAMES[language]}`,
      group: 'This screen',
      icon: IconDownload,
      run: () => contractTarget.saveProbe(language),
    })),
  );
  return (
    <Popover position="bottom-start" width={380} trapFocus>
      <Popover.Target>
        <Tooltip label="Target options">
          <ActionIcon variant="default" size={28} aria-label="Target options">
            <IconAdjustments size={15} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Target options">
        <div className={classes.options}>{own ? <OwnOptions /> : <OtherOptions />}</div>
      </Popover.Dropdown>
    </Popover>
  );
}

function OwnOptions() {
  const { contractTarget } = useStores();
  const probe = useStore(contractTarget.store, (state) => state.probe);
  return (
    <>
      <Option title="Probe plugin" text="Loaded into ephemeral runtimes, so nothing is added to your folder.">
        <SegmentedControl
          aria-label="Language of the probe plugin"
          data={PROBE_LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          value={probe}
          onChange={(value) => contractTarget.choose({ probe: value === 'python' ? 'python' : 'javascript' })}
        />
      </Option>
      <Option
        title="Bearer token"
        text="Only needed where a real identity provider signs the tokens: this runtime cannot sign its own."
      >
        <SecretField what="ownToken" label="Bearer token for this runtime" hint="eyJ…" />
      </Option>
    </>
  );
}

function OtherOptions() {
  const { contractTarget } = useStores();
  const { timeout, allowDisruptive, recent } = useStore(contractTarget.store);
  return (
    <>
      <SaveProbe />
      <Option title="Plugin timeout" text="In seconds. Used where the target’s plugins cannot report it.">
        <TextInput
          aria-label="Timeout of the runtime in seconds"
          placeholder="30"
          inputMode="decimal"
          value={timeout}
          error={
            timeout.trim() !== '' && parseTimeout(timeout) === null
              ? 'Enter a number above 0, at most 3600'
              : null
          }
          onChange={(event) => contractTarget.choose({ timeout: event.currentTarget.value })}
        />
      </Option>
      <Switch
        label="Allow disruptive checks"
        description="Also sends calls that end or block a plugin’s process. They can take down a runtime that does not isolate its plugins."
        checked={allowDisruptive}
        onChange={(event) => contractTarget.choose({ allowDisruptive: event.currentTarget.checked })}
      />
      {recent.length > 0 && (
        <Button variant="subtle" className={classes.forget} onClick={contractTarget.forgetRecent}>
          Clear recent addresses
        </Button>
      )}
    </>
  );
}

function SaveProbe() {
  return (
    <Option title="Probe plugin" text={PROBE_PURPOSE}>
      <div className={classes.buttons}>
        <ProbeButtons />
      </div>
    </Option>
  );
}

function Option({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes.option}>
      <h2 className={classes.optionTitle}>{title}</h2>
      <p className={classes.optionText}>{text}</p>
      {children}
    </section>
  );
}
