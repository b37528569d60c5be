import { ActionIcon, Button, Popover, SegmentedControl, Switch, TextInput, Tooltip } from '@mantine/core';
import { IconAdjustments, IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { PROBE_LANGUAGES } from '../../../../main/contract/conformance.ts';
import { LANGUAGE_NAMES } from '../../../../main/contract/plugin-view.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import {
  chooseTarget,
  contractTargetStore,
  forgetTargets,
  saveProbe,
  timeoutSeconds,
} from '../../../state/contract/contract-target.ts';
import { PROBE_PURPOSE, ProbeButtons } from './save-probe.tsx';
import { SecretField } from './secret-field.tsx';
import classes from './target-picker.module.css';

/** What else there is to say about the target. */
export function TargetOptions() {
  const own = useStore(contractTargetStore, ({ target }) => target === 'own');
  useCommands(
    PROBE_LANGUAGES.map((language) => ({
      ...{ id: `contract.probe-${language}`, title: `Save the probe plugin in ${LANGUAGE_NAMES[language]}` },
      ...{ group: 'This screen', icon: IconDownload, run: () => saveProbe(language) },
    })),
  );
  return (
    <Popover position="bottom-start" width={380} trapFocus>
      <Popover.Target>
        <Tooltip label="More about the target">
          <ActionIcon variant="default" size={28} aria-label="More about the target">
            <IconAdjustments size={15} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="More about the target">
        <div className={classes.options}>{own ? <OwnOptions /> : <OtherOptions />}</div>
      </Popover.Dropdown>
    </Popover>
  );
}

function OwnOptions() {
  const probe = useStore(contractTargetStore, (state) => state.probe);
  return (
    <>
      <Option
        title="Probe plugin"
        text="Second runtimes are started with it, so nothing is added to your folder."
      >
        <SegmentedControl
          aria-label="Language of the probe plugin"
          data={PROBE_LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          value={probe}
          onChange={(value) => chooseTarget({ probe: value === 'python' ? 'python' : 'javascript' })}
        />
      </Option>
      <Option
        title="Bearer token"
        text="Only where a real identity provider signs tokens: this runtime can’t make its own then."
      >
        <SecretField what="ownToken" label="Bearer token for this runtime" hint="eyJ…" />
      </Option>
    </>
  );
}

function OtherOptions() {
  const { timeout, mayDisrupt, recent } = useStore(contractTargetStore);
  return (
    <>
      <SaveProbe />
      <Option title="Its timeout" text="Seconds, where the plugins there can’t tell.">
        <TextInput
          aria-label="Timeout of the runtime in seconds"
          placeholder="30"
          inputMode="decimal"
          value={timeout}
          error={
            timeout.trim() !== '' && timeoutSeconds(timeout) === null ? 'More than 0, at most 3600' : null
          }
          onChange={(event) => chooseTarget({ timeout: event.currentTarget.value })}
        />
      </Option>
      <Switch
        label="It may be disturbed"
        description="Calls that end or block a plugin’s process are sent, too. A runtime that isolates no plugin goes down by them."
        checked={mayDisrupt}
        onChange={(event) => chooseTarget({ mayDisrupt: event.currentTarget.checked })}
      />
      {recent.length > 0 && (
        <Button variant="subtle" className={classes.forget} onClick={forgetTargets}>
          Forget earlier addresses
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
