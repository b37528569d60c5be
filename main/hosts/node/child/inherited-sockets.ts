import { closeSync, existsSync, fstatSync, readdirSync } from 'node:fs';

/** Standard input, output and error, and the channel's two pipes: what the runtime passes on purpose. */
const LAST_GIVEN = 4;

/**
 * Closes the sockets that this process inherited by accident. Chromium doesn't mark the channels to its own
 * processes as close-on-exec, and on Linux Node starts a process with every descriptor that isn't. While a
 * plugin's process holds the page's end of such a channel, Electron never learns that the page has died. Call
 * it before anything here opens a socket of its own. Does nothing where there is no /proc: macOS passes on
 * only what it is told to.
 */
export function closeInheritedSockets(): void {
  for (const descriptor of openDescriptors()) {
    if (descriptor > LAST_GIVEN && isSocket(descriptor)) closeSync(descriptor);
  }
}

function openDescriptors(): readonly number[] {
  const folder = '/proc/self/fd';
  return existsSync(folder) ? readdirSync(folder).map(Number) : [];
}

function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    // Already closed: the one that listed the folder.
    return false;
  }
}
