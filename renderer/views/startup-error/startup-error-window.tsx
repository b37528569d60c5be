import { Button } from '@mantine/core';
import { IconAlertTriangle, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { PortError, SettingsError, StartupError } from '../../../main/contract/startup-error.ts';
import { CopyButton } from '../../components/controls/copy-button.tsx';
import { LoadState } from '../../components/status/states.tsx';
import { formatClock, showControls } from '../../components/text/format.ts';
import type { StartupErrorStore } from './startup-error-store.ts';
import classes from './startup-error-window.module.css';

/** Why the workbench can't start, and what can be done about it. */
export function StartupErrorWindow({ startupError }: { readonly startupError: StartupErrorStore }) {
  const error = useStore(startupError.store, (state) => state.error);
  return (
    <main className={classes.window}>
      <LoadState load={error} what="The reason" onRetry={startupError.load}>
        {(value) => <Content error={value} startupError={startupError} />}
      </LoadState>
    </main>
  );
}

interface ContentProps {
  readonly error: StartupError;
  readonly startupError: StartupErrorStore;
}

function Content({ error, startupError }: ContentProps) {
  return (
    <>
      <div className={classes.content}>
        {error.kind === 'port' ? <Port error={error} /> : <Settings error={error} />}
      </div>
      <Foot error={error} startupError={startupError} />
    </>
  );
}

function Port({ error: { host, port, taken, message, origin, holder } }: { error: PortError }) {
  return (
    <>
      <Head icon="port" title={taken ? `Port ${port} is taken` : `Port ${port} can’t be used`}>
        {taken ? (
          <>
            Another program listens on <span className="mono">{`${host}:${port}`}</span>.
            {origin !== null && (
              <>
                {' '}
                The port comes from <span className="mono">{origin}</span>.
              </>
            )}
          </>
        ) : (
          showControls(message)
        )}
      </Head>
      {taken && (
        <dl className={classes.facts}>
          <dt>Held by</dt>
          <dd>
            {holder === null ? (
              <span className={classes.dim}>unknown: it may belong to another user</span>
            ) : (
              <>
                <code className={classes.command}>{showControls(holder.command)}</code>
                <span className={classes.dim}>process {holder.pid}</span>
              </>
            )}
          </dd>
          {holder !== null && (
            <>
              <dt>To stop it</dt>
              <dd>
                <code className={classes.command}>kill {holder.pid}</code>
                <CopyButton text={`kill ${holder.pid}`} label="Copy command" always />
              </dd>
            </>
          )}
        </dl>
      )}
    </>
  );
}

function Settings({ error: { problems } }: { error: SettingsError }) {
  const title = problems.length === 1 ? 'Invalid setting' : `${problems.length} invalid settings`;
  return (
    <>
      <Head icon="settings" title={title}>
        Nothing was started. Change {problems.length === 1 ? 'it' : 'them'}, then try again: <code>.env</code>{' '}
        files are read again; the environment and the command line only at the next start.
      </Head>
      <ul className={classes.problems}>
        {problems.map(({ name, value, place, remedy }) => (
          <li key={`${name} ${place}`} className={classes.problem}>
            <div className={classes.setting}>
              <strong className="mono">{showControls(name)}</strong>
              {value !== null && (
                <code className={classes.value}>{value === '' ? '(empty)' : showControls(value)}</code>
              )}
              {place !== null && <span className={classes.dim}>{showControls(place)}</span>}
            </div>
            <div className={classes.remedy}>{showControls(remedy)}</div>
          </li>
        ))}
      </ul>
    </>
  );
}

function Head({
  icon,
  title,
  children,
}: {
  icon: 'port' | 'settings';
  title: string;
  children: React.ReactNode;
}) {
  const Icon = icon === 'port' ? IconPlugConnectedX : IconAlertTriangle;
  return (
    <header className={classes.head}>
      <Icon size={28} stroke={1.5} aria-hidden className={classes.icon} />
      <div>
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.words}>{children}</p>
      </div>
    </header>
  );
}

function Foot({ error, startupError }: ContentProps) {
  const { busy, failedRetries } = useStore(startupError.store);
  const { quit, tryAgain } = startupError;
  const retry = useRef<HTMLButtonElement>(null);
  useEffect(() => retry.current?.focus(), []);
  const otherPort = error.kind === 'port' ? error.otherPort : null;
  return (
    <footer className={classes.foot}>
      <Button variant="subtle" color="gray" onClick={quit}>
        Quit
      </Button>
      <span className={classes.outcome} role="status">
        {failedRetries > 0 && busy === null && `Still failing at ${formatClock(error.at)}`}
      </span>
      {otherPort !== null && (
        <Button
          loading={busy === 'useOtherPort'}
          disabled={busy !== null}
          onClick={() => tryAgain('useOtherPort')}
        >
          Use port {otherPort}
        </Button>
      )}
      <Button
        ref={retry}
        variant="filled"
        leftSection={<IconRefresh size={14} />}
        loading={busy === 'retry'}
        disabled={busy !== null}
        onClick={() => tryAgain('retry')}
      >
        Retry
      </Button>
    </footer>
  );
}
