import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WorkbenchError } from '../../contract/errors.ts';
import { errorCode } from '../../system/errors.ts';
import { deferContinue } from './body.ts';
import { type ConnectionLimits, Connections } from './connections.ts';
import { inOrder } from './pipeline.ts';
import { answerConnect, answerParserError } from './raw-answer.ts';
import { answerUpgrades } from './upgrade.ts';

/** A server that listens; `close` gives back the port. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** What the user should know about the port, e.g. that the default one was taken; null otherwise. */
  readonly notice: string | null;
  /** Stops accepting, then ends open connections. Takes at most two seconds. */
  close(): Promise<void>;
}

/** What a client may use before it is identified. */
export interface ServerLimits extends ConnectionLimits {
  readonly maxHeaderBytes: number;
  /** For the headers to arrive. */
  readonly headersTimeoutMs: number;
  /** For the whole request to arrive; not for its answer, which has the plugin's timeout. */
  readonly requestTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly maxConnections: number;
}

export const SERVER_LIMITS: ServerLimits = {
  maxHeaderBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 120_000,
  keepAliveMs: 30_000,
  maxConnections: 1_024,
  stalledMs: 30_000,
  maxUnsentBytes: 64 * 1024 * 1024,
};

export interface PortChoice {
  /** An address, without brackets. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The port was asked for: when it is taken, that is an error, and no other is tried. */
  readonly portExplicit: boolean;
  /** What sets the port, for the remedy when it isn't available. */
  readonly setting?: string;
}

/** The server can't listen at the configured address. */
export class ListenError extends WorkbenchError {
  readonly host: string;
  readonly port: number;
  /** Another program has the port; false: the system refuses it. */
  readonly taken: boolean;

  constructor(
    { host, port }: Pick<PortChoice, 'host' | 'port'>,
    taken: boolean,
    message: string,
    options?: { cause?: unknown },
  ) {
    super('CONFLICT', message, options);
    this.host = host;
    this.port = port;
    this.taken = taken;
  }
}

/** Ports tried after the default one. */
const MORE_PORTS = 20;
/** How long open requests may continue once the server is closing. */
const CLOSE_GRACE_MS = 1_000;

/**
 * Gives an app a port on one address (CONTRACT.md §5).
 * @throws {WorkbenchError} CONFLICT when the port is taken, naming it and the remedy
 */
export async function listen(
  app: { callback(): RequestListener },
  choice: PortChoice,
  limits: ServerLimits = SERVER_LIMITS,
): Promise<Listening> {
  const server = createLimitedServer(app.callback(), limits);
  const port = await bindFirstFree(server, choice);
  const connections = new Connections(limits);
  server.on('connection', (socket) => connections.add(socket));
  const hasMoved = choice.port !== 0 && port !== choice.port;
  return {
    host: choice.host,
    port,
    notice: hasMoved ? `Port ${choice.port} is taken: listening on ${port} instead` : null,
    close: () => closeServer(server, connections),
  };
}

function createLimitedServer(answer: RequestListener, limits: ServerLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
    // Missing and double Host headers are refused by the host check, with the version header that Node's own
    // answer lacks.
    requireHostHeader: false,
  });
  server.maxConnections = limits.maxConnections;
  // Beyond Node's default of 2,000 headers it would drop the rest unseen; the size limit bounds them already.
  server.maxHeadersCount = 0;
  const answerRequest = inOrder(answer);
  server.on('request', answerRequest);
  server.on('checkContinue', (req, res) => {
    deferContinue(req, res);
    answerRequest(req, res);
  });
  // Without a listener Node answers 417 itself; the gate refuses these in the contract's shape.
  server.on('checkExpectation', answerRequest);
  server.on('clientError', answerParserError);
  server.on('connect', answerConnect);
  answerUpgrades(server, answerRequest);
  return server;
}

async function bindFirstFree(server: Server, choice: PortChoice): Promise<number> {
  const { host, port, portExplicit, setting = 'PORT or --port' } = choice;
  const isFixed = portExplicit || port === 0;
  const last = isFixed ? port : Math.min(port + MORE_PORTS, 65_535);
  for (let candidate = port; candidate <= last; candidate += 1) {
    try {
      return await bind(server, host, candidate);
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') throw cannotListen(error, host, candidate, setting);
    }
  }
  const taken = isFixed ? `Port ${port} is taken` : `The ports ${port} to ${last} are taken`;
  throw new ListenError(
    { host, port },
    true,
    `${taken} on ${host}: end the program that uses it, or choose another with ${setting}`,
  );
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function cannotListen(error: unknown, host: string, port: number, setting: string): WorkbenchError {
  const code = errorCode(error) ?? 'unknown error';
  const remedy =
    code === 'EACCES' ? `choose a port above 1023 with ${setting}` : 'set HOST to an address of this machine';
  const message = `Can't listen on ${host} port ${port} (${code}): ${remedy}`;
  return new ListenError({ host, port }, false, message, { cause: error });
}

/** Running requests get a moment to end; then every socket is destroyed. */
function closeServer(server: Server, connections: Connections): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) {
      resolve();
      return;
    }
    const timer = setTimeout(() => connections.end(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      connections.end();
      resolve();
    });
    server.closeIdleConnections();
  });
}
