import type { ChildProcess } from 'node:child_process';
import type { RuntimeMessage } from '../contract/host.ts';

/**
 * Messages to and from a plugin's process, over any transport. What comes from it is untrusted and not yet
 * checked.
 */
export interface HostChannel {
  /** Calls `onFailure` when the process can no longer be reached; its exit follows. */
  send(message: RuntimeMessage, onFailure: (error: Error) => void): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** A process that was just started, and the channel to it. */
export interface LaunchedHost {
  readonly child: ChildProcess;
  readonly channel: HostChannel;
}

/** Node's own channel between a process and one it forked. */
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
