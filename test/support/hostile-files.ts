import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, rmSync } from 'node:fs';
import { link, mkdir, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { CleanUp } from './clean-up.ts';

/** What can stand where a file should be, and what is said about it. */
export const HOSTILE_KINDS = {
  fifo: 'it is a FIFO, not a regular file',
  socket: 'it is a socket, not a regular file',
  device: 'it is a device, not a regular file',
  endless: 'it is a device, not a regular file',
} as const;

export type HostileKind = keyof typeof HOSTILE_KINDS;
export const KINDS = Object.keys(HOSTILE_KINDS) as HostileKind[];

/** Puts them there. */
export interface HostileFiles {
  put(kind: HostileKind, path: string): Promise<void>;
}

/** `folder`: on the file system of the places, with a short path. */
export async function hostileFiles(folder: string, cleanUp: CleanUp): Promise<HostileFiles> {
  const socket = join(folder, 'socket');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  cleanUp(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const make: Readonly<Record<HostileKind, (path: string) => Promise<void>>> = {
    fifo: async (path) => makeFifo(path, cleanUp),
    socket: (path) => link(socket, path),
    device: (path) => symlink('/dev/null', path),
    endless: (path) => symlink('/dev/zero', path),
  };
  return {
    async put(kind, path) {
      await mkdir(dirname(path), { recursive: true });
      await rm(path, { force: true });
      await make[kind](path);
    },
  };
}

/** Whoever waits for it waits until the clean-up at most: a thread that still did would hold the process. */
export function makeFifo(path: string, cleanUp: CleanUp): void {
  execFileSync('mkfifo', [path]);
  cleanUp(() => {
    if (!existsSync(path)) return;
    const writer = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    rmSync(path);
    closeSync(writer);
  });
}
