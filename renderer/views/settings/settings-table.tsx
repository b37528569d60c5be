import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import type { Setting } from '../../../main/contract/snapshot.ts';
import { Copyable } from '../../components/controls/copy-button.tsx';
import { showControls } from '../../components/text/format.ts';
import { groupSettings, isSet, matchingSettings, SOURCE_LABELS } from './settings-model.ts';
import classes from './settings-table.module.css';

/** One row per setting, grouped by subject. */
export function SettingsTable({
  settings,
  text,
  onlySet,
}: {
  settings: readonly Setting[];
  text: string;
  onlySet: boolean;
}) {
  const groups = groupSettings(matchingSettings(settings, text, onlySet));
  if (groups.length === 0) return <p className={classes.none}>{describeNone(text, onlySet)}</p>;
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Variable</th>
          <th>Description</th>
          <th>Value</th>
          <th>Source</th>
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.title} aria-label={group.title}>
          <tr className={classes.group}>
            <th colSpan={4} scope="rowgroup">
              {group.title}
            </th>
          </tr>
          {group.settings.map((setting) => (
            <Row key={setting.name} setting={setting} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function describeNone(text: string, onlySet: boolean): string {
  if (text.trim() === '') return 'Every setting has its default.';
  return onlySet ? `No customized setting matches “${text}”.` : `No setting matches “${text}”.`;
}

function Row({ setting }: { setting: Setting }) {
  const { name, description } = setting;
  return (
    <tr className={classes.row} data-set={isSet(setting) || undefined}>
      <td>
        <Copyable text={name} label="Copy name">
          <span className={classes.variable}>{name}</span>
        </Copyable>
      </td>
      <td className={classes.about}>{description}</td>
      <td>
        <Value setting={setting} />
      </td>
      <td>
        <Source setting={setting} />
      </td>
    </tr>
  );
}

function Value({ setting: { value, secret } }: { setting: Setting }) {
  if (value === '') return <span className={classes.unset}>not set</span>;
  if (secret) {
    return (
      <Tooltip label="Secret values never leave the runtime, so they can’t be shown here">
        <span className={classes.secret}>
          <IconLock size={13} aria-label="secret" />
          {value}
        </span>
      </Tooltip>
    );
  }
  return (
    <Copyable text={value} label="Copy value">
      <span className={classes.value}>{showControls(value)}</span>
    </Copyable>
  );
}

function Source({ setting: { name, source, origin } }: { setting: Setting }) {
  const given = shortOrigin(origin);
  const deprecated = source === 'deprecated-alias';
  const label = (
    <span className={classes.source} data-source={source} tabIndex={source === 'default' ? undefined : 0}>
      {deprecated && <IconAlertTriangle size={14} aria-hidden />}
      {SOURCE_LABELS[source]}
      {source !== 'default' && given !== name && <span className={classes.origin}>{given}</span>}
    </span>
  );
  if (source === 'default') return label;
  return <Tooltip label={origin}>{label}</Tooltip>;
}

/** The variable or option alone: the column already names the place, and a path would fill the line. */
function shortOrigin(origin: string): string {
  return /^(\S+) \(.*\)$/.exec(origin)?.[1] ?? '';
}
