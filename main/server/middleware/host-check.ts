import { WorkbenchError } from '../../contract/errors.ts';
import { rawHeaderValues } from '../connection/raw-headers.ts';

/**
 * Against DNS rebinding: evil.com may point its own name at 127.0.0.1; requests of its pages then come from
 * this machine and are same-origin to the browser. They still carry that name, so a request is served only
 * under this server's own names.
 */
export interface Served {
  /** The address it listens on. */
  readonly host: string;
  readonly port: number;
  /** Lower case, `name` or `name:port`. */
  readonly allowedHosts: readonly string[];
}

/** Longest part of a header that is shown in a message. */
const MAX_SHOWN = 100;

/**
 * Checks the raw Host header, and the host of a target in absolute form, which takes precedence over it in
 * the standard.
 * @returns the host as the client wrote it, in lower case
 * @throws {WorkbenchError} BAD_REQUEST for none or several, FORBIDDEN for a name that isn't served
 */
export function assertHost(rawHeaders: readonly string[], target: string, served: Served): string {
  const hosts = rawHeaderValues(rawHeaders, 'host');
  const [host, second] = hosts;
  if (host === undefined)
    throw new WorkbenchError('BAD_REQUEST', 'The request has no Host header; send exactly one');
  if (second !== undefined) {
    throw new WorkbenchError('BAD_REQUEST', `The request has ${hosts.length} Host headers; send exactly one`);
  }
  assertServed(host, served);
  if (!target.startsWith('/') && target !== '*') assertServed(hostOfAbsolute(target), served);
  return host.toLowerCase();
}

function assertServed(host: string, served: Served): void {
  if (namesOf(served).has(host.toLowerCase())) return;
  throw new WorkbenchError(
    'FORBIDDEN',
    `Host ${JSON.stringify(host.slice(0, MAX_SHOWN))} is not served here; use 127.0.0.1:${served.port} or localhost:${served.port}, or add the name to ALLOWED_HOSTS`,
  );
}

/** The names of the last address; a server has only one in its lifetime. */
let known: { readonly served: Served; readonly names: ReadonlySet<string> } | null = null;

function namesOf(served: Served): ReadonlySet<string> {
  const { host, port, allowedHosts } = served;
  const isKnown =
    known?.served.host === host && known.served.port === port && known.served.allowedHosts === allowedHosts;
  if (known === null || !isKnown) known = { served, names: allNamesOf(served) };
  return known.names;
}

function allNamesOf({ host, port, allowedHosts }: Served): ReadonlySet<string> {
  const loopback = [`127.0.0.1:${port}`, `localhost:${port}`];
  const six = host.includes(':') ? [`[::1]:${port}`] : [];
  // An entry without a port means that name on this server's port and on the default port.
  const extra = allowedHosts.flatMap((entry) => [
    entry.toLowerCase(),
    ...(hasPort(entry) ? [] : [`${entry.toLowerCase()}:${port}`]),
  ]);
  return new Set([...loopback, ...six, ...extra]);
}

function hasPort(entry: string): boolean {
  return /:\d+$/.test(entry);
}

function hostOfAbsolute(target: string): string {
  // The URL parser drops a default port; only the text shows what was requested.
  const authority = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  if (authority === undefined) {
    throw new WorkbenchError(
      'BAD_REQUEST',
      `The request's target ${JSON.stringify(target.slice(0, MAX_SHOWN))} is not a path; it must begin with "/"`,
    );
  }
  return authority;
}
