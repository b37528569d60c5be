import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { THEME_LABELS, THEMES, ZOOM_STEPS } from '../../../main/contract/window.ts';
import { KeyHint } from '../../components/controls/key-hint.tsx';
import { Panel } from '../../components/layout/page.tsx';
import { useStores } from '../../components/use-stores.tsx';
import classes from './settings.module.css';

const THEME_CHOICES = THEMES.map((value) => ({ value, label: THEME_LABELS[value] }));

/** Theme and zoom; both survive a restart. */
export function LookPanel() {
  const stores = useStores();
  const { theme, zoom } = useStore(stores.appearance.store);
  return (
    <Panel title="Appearance">
      <dl className={classes.look}>
        <dt>Theme</dt>
        <dd>
          <SegmentedControl
            aria-label="Theme"
            data={THEME_CHOICES}
            value={theme}
            onChange={(value) => {
              const chosen = THEMES.find((theme) => theme === value);
              if (chosen) stores.appearance.setTheme(chosen);
            }}
          />
        </dd>
        <dt>Zoom</dt>
        <dd>
          {zoom === null ? <span className={classes.dim}>set in the browser</span> : <Zoom zoom={zoom} />}
        </dd>
      </dl>
    </Panel>
  );
}

const STEPS: readonly number[] = ZOOM_STEPS;

function Zoom({ zoom }: { zoom: number }) {
  const stores = useStores();
  const at = STEPS.indexOf(zoom);
  return (
    <span className={classes.zoom}>
      <Step label="Zoom out" keys="mod+-" to={STEPS[at - 1]} icon={<IconMinus size={14} />} />
      <output className={classes.percent} aria-label="Zoom">
        {Math.round(zoom * 100)} %
      </output>
      <Step label="Zoom in" keys="mod+Plus" to={STEPS[at + 1]} icon={<IconPlus size={14} />} />
      {zoom !== 1 && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => stores.appearance.setZoom(1)}>
          Reset
        </Button>
      )}
    </span>
  );
}

interface StepProps {
  readonly label: string;
  readonly keys: string;
  readonly to: number | undefined;
  readonly icon: React.ReactNode;
}

function Step({ label, keys, to, icon }: StepProps) {
  const stores = useStores();
  return (
    <Tooltip
      label={
        <>
          {label} <KeyHint keys={keys} />
        </>
      }
    >
      <ActionIcon
        variant="default"
        aria-label={label}
        disabled={to === undefined}
        onClick={() => {
          if (to !== undefined) stores.appearance.setZoom(to);
        }}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
