import type { AddressInfo } from 'node:net';
import type { ClauseId } from '../../../main/conformance/clauses/clauses.ts';
import { FAULTS } from './faults/faults.ts';
import { COMPLIANT, type Rules } from './rules.ts';
import type { RuntimeState } from './runtime-state.ts';
import { createStandInServer } from './server.ts';
import { externalIssuer, type Issuer, localIssuer } from './tokens.ts';

/**
 * A small runtime that keeps the whole contract, written separately, from the contract's text: it shares no code
 * with the product, so that what the product takes for the contract is held against a second opinion. It
 * breaks one requirement when told to.
 */
export interface StandInOptions {
  /** The requirement that it does not keep. */
  readonly breaks?: ClauseId;
  readonly mode?: 'local' | 'external';
  /** Its environment: the timeout's variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly maxBodyBytes?: number;
  readonly allowedOrigin?: string;
  /** What the version header says; null leaves it out. */
  readonly version?: string | null;
  /** Further ways in which it differs, for runtimes of another make. */
  readonly rules?: Partial<Rules>;
}

export interface StandIn {
  readonly baseUrl: string;
  readonly port: number;
  /** Signs tokens that it accepts. */
  readonly issuer: Issuer;
  readonly maxBodyBytes: number;
  readonly allowedOrigin: string;
  stop(): Promise<void>;
}

/** Starts one on a free port. Its starter stops it. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const issuer = options.mode === 'external' ? externalIssuer() : localIssuer();
  const { maxBodyBytes = 20_000, allowedOrigin = 'http://localhost:5173', version = '1.0.0' } = options;
  const ending = new AbortController();
  const fault = options.breaks === undefined ? {} : FAULTS[options.breaks].rules;
  const state: RuntimeState = {
    trust: issuer.trust,
    environment: options.env ?? {},
    version,
    maxBodyBytes,
    allowedOrigin,
    rules: { ...COMPLIANT, ...options.rules, ...fault },
    blocking: new Set(),
    port: () => port,
    signal: ending.signal,
  };
  const server = createStandInServer(state);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    port,
    issuer,
    maxBodyBytes,
    allowedOrigin,
    async stop() {
      ending.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
