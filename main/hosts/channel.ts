import type { ChildProcess } from 'node:child_process';
import type { RuntimeMessage } from '../contract/host.ts';

/** Messages to and from a plugin's process, whatever carries them. What comes up is untrusted and as yet unchecked. */
export interface HostChannel {
  /** `onFailure` when the process can't be reached any more; then its exit follows. */
  send(message: RuntimeMessage, onFailure: (error: Error) => void): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** A process just started, and the way to talk to it. */
export interface LaunchedHost {
  readonly child: ChildProcess;
  readonly channel: HostChannel;
}

/** Node's own channel, between a process and one it forked. */
export function forkChannel(child: ChildProcess): HostChannel {
  return {
    send: (message, onFailure) => {
      if (!child.connected) return;
      child.send(message, (error) => {
        if (error !== null) onFailure(error);
      });
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
  };
}
