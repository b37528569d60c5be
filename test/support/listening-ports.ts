import { readdir, readFile, readlink } from 'node:fs/promises';

export interface ListeningPort {
  /** Hexadecimal, as the kernel lists it: `0100007F` is 127.0.0.1. */
  readonly address: string;
  readonly port: number;
}

/** What a process listens on over TCP (Linux). */
export async function listeningPorts(pid: number | null): Promise<readonly ListeningPort[]> {
  const links = (await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`));
  const inodes = (await Promise.allSettled(links)).flatMap((link) =>
    link.status === 'fulfilled' ? [/^socket:\[(\d+)\]$/.exec(link.value)?.[1]] : [],
  );
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')));
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.includes(inode))
    .map(([, local = '']) => {
      const [address = '', port = ''] = local.split(':');
      return { address, port: Number.parseInt(port, 16) };
    });
}
