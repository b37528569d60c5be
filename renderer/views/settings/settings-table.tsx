import { IconAlertTriangle } from '@tabler/icons-react';
import type { Setting } from '../../../main/contract/snapshot.ts';
import { Copyable } from '../../components/copy-button.tsx';
import { showControls } from '../../components/format.ts';
import classes from './settings.module.css';
import { matchingSettings, SOURCE_WORDS } from './settings-model.ts';

/** One row a setting. */
export function SettingsTable({ settings, text }: { settings: readonly Setting[]; text: string }) {
  const shown = matchingSettings(settings, text);
  if (shown.length === 0) return <p className={classes.none}>No setting matches “{text}”.</p>;
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Variable</th>
          <th>Value</th>
          <th>Comes from</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((setting) => (
          <Row key={setting.name} setting={setting} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ setting }: { setting: Setting }) {
  return (
    <tr>
      <td>
        <Copyable text={setting.name} label="Copy name">
          <span className={classes.variable}>{setting.name}</span>
        </Copyable>
        <div className={classes.about}>{setting.description}</div>
      </td>
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
  if (secret) return <span className={classes.value}>{value}</span>;
  return (
    <Copyable text={value} label="Copy value">
      <span className={classes.value}>{showControls(value)}</span>
    </Copyable>
  );
}

function Source({ setting: { source, origin } }: { setting: Setting }) {
  const word = SOURCE_WORDS[source];
  return (
    <>
      <div className={classes.source} data-source={source}>
        {source === 'deprecated-alias' && <IconAlertTriangle size={14} aria-hidden />}
        {word}
      </div>
      {source !== 'default' && <div className={classes.origin}>{origin}</div>}
    </>
  );
}
