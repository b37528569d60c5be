import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, isIP, isIPv4, type ListenOptions, type Server, SocketAddress } from 'node:net';
import { errorCode, errorMessage } from './errors.ts';

/** Listening on a port, finding a free one, and naming the program that has one. */

/** The same as the contract's of this name, which a leaf may not import. */
interface PortHolder {
  readonly pid: number;
  /** Its command line, cut to a readable length. */
  readonly command: string;
}

const LISTENING = '0A';
const MAX_COMMAND = 200;
const MORE_PORTS = 50;
const LOOKS = 3;

/**
 * The program that prevents others from listening at this address, as far as Linux tells this user: other
 * users' processes hide their sockets, and other systems have no such files. Null where it can't be
 * determined; never rejects.
 * @param host an address, or a name: then a program that listens at any address is taken for the one
 */
export async function findPortHolder(host: string, port: number): Promise<PortHolder | null> {
  // The kernel's tables are read in pieces, and an entry can be missed while others come and go.
  for (let look = 0; look < LOOKS; look += 1) {
    const holder = await lookForHolder(host, port).catch(() => null);
    if (holder !== null) return holder;
  }
  return null;
}

/** Rejects without /proc, and when the process ended while it was examined. */
async function lookForHolder(host: string, port: number): Promise<PortHolder | null> {
  const inodes = await listeningSockets(host, port);
  if (inodes.size === 0) return null;
  for (const entry of await readdir('/proc')) {
    if (/^\d+$/.test(entry) && (await holdsSocket(entry, inodes))) return await describe(entry);
  }
  return null;
}

/**
 * Lines of /proc/net/tcp: `sl local_address rem_address st … uid timeout inode`, addresses and ports in
 * hexadecimal.
 */
async function listeningSockets(host: string, port: number): Promise<Set<string>> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((table) => readFile(table, 'utf8').catch(() => '')),
  );
  const inodes = new Set<string>();
  for (const line of tables.flatMap((table) => table.split('\n'))) {
    const [, local = '', , state = '', , , , , , inode] = line.trim().split(/\s+/);
    const [address = '', localPort] = local.split(':');
    if (state !== LISTENING || localPort !== wanted || inode === undefined) continue;
    if (excludes(readAddress(address), host)) inodes.add(`socket:[${inode}]`);
  }
  return inodes;
}

/** Whether who listens at `address` keeps others from listening at `host`, on the same port. */
function excludes(address: string, host: string): boolean {
  if (isIP(host) === 0 || host === '0.0.0.0' || host === '::') return true;
  return address === host || address === '::' || (address === '0.0.0.0' && isIPv4(host));
}

/** The kernel writes an address as words of 32 bits, each with its last byte first. */
function readAddress(hex: string): string {
  const bytes = [...Buffer.from(hex, 'hex').swap32()];
  if (bytes.length === 4) return bytes.join('.');
  const groups =
    bytes
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')
      .match(/.{4}/g) ?? [];
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

async function holdsSocket(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  // A process of another user keeps its files to itself.
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const file of files) {
    const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
    if (sockets.has(target)) return true;
  }
  return false;
}

async function describe(pid: string): Promise<PortHolder> {
  const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').join(' ').trim();
  const command = line === '' ? (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() : line;
  return {
    pid: Number(pid),
    command: command.length > MAX_COMMAND ? `${command.slice(0, MAX_COMMAND)}…` : command,
  };
}

/** The next port after `above` that is free on this address; null when none of the next fifty is. */
export async function findFreePort(host: string, above: number): Promise<number | null> {
  const last = Math.min(above + MORE_PORTS, 65_535);
  for (let port = Math.max(above + 1, 1_024); port <= last; port += 1) {
    if ((await portProblem(host, port)) === null) return port;
  }
  return null;
}

/** A free port of 127.0.0.1, for what needs its port before it listens. */
export async function pickFreePort(): Promise<number> {
  const server = createServer();
  const port = await listenOn(server, { host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * The system's code (EADDRINUSE, EACCES, …) for why nothing can listen there now; null when it can. Never
 * rejects.
 */
export async function portProblem(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    await listenOn(server, { host, port, exclusive: true });
  } catch (error) {
    return errorCode(error) ?? errorMessage(error);
  }
  await new Promise((resolve) => server.close(resolve));
  return null;
}

/**
 * Listens, and resolves with the port: the one the system chose where 0 was given. Rejects with the system's
 * error.
 */
export function listenOn(server: Server, options: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no port'));
      else resolve(address.port);
    });
  });
}
