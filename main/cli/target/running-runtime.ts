import { createChallenge, isRuntimeProof } from '../../config/runtime-key.ts';
import type { Config } from '../../config/types.ts';
import { HEADERS, ROUTES } from '../../contract/http.ts';
import { httpCall } from '../../system/http-call.ts';

/**
 * Finds the runtime that runs at an address, and whether it is this user's: whoever has the port could answer as
 * a runtime does, and wait for tokens. Only a challenge is sent to find out.
 */

export interface RunningRuntime {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** It proved to know the key in the user's folder. */
  readonly isOwn: boolean;
}

const PROBE_TIMEOUT_MS = 2_000;
/** Where an address that listens everywhere is reached from here. */
const LOOPBACK_OF: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/** The configured address, when a runtime of this contract answers there. */
export async function findRunning({
  host,
  port,
  configPath,
}: Pick<Config, 'host' | 'port' | 'configPath'>): Promise<RunningRuntime | null> {
  if (port === 0) return null;
  const reachable = LOOPBACK_OF.get(host) ?? host;
  const baseUrl = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  try {
    const { isRuntime, isOwn } = await probe(baseUrl, configPath);
    return isRuntime ? { baseUrl, isOwn } : null;
  } catch {
    return null; // Nothing there speaks HTTP: no runtime.
  }
}

/** Whether the runtime at this address proves to be this user's. Rejects when nothing answers there. */
export async function isOwnRuntime(baseUrl: string, configPath: string): Promise<boolean> {
  return (await probe(baseUrl, configPath)).isOwn;
}

async function probe(
  baseUrl: string,
  configPath: string,
): Promise<{ readonly isRuntime: boolean; readonly isOwn: boolean }> {
  const challenge = createChallenge();
  const { headers, server } = await httpCall({
    method: 'GET',
    url: `${baseUrl}${ROUTES.health}`,
    headers: { [HEADERS.runtimeChallenge]: challenge },
    body: null,
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  const version = headers[HEADERS.runtimeVersion.toLowerCase()] ?? '';
  const proof = headers[HEADERS.runtimeProof.toLowerCase()] ?? '';
  return {
    isRuntime: /^1\.0(\.\d+)?$/.test(version),
    isOwn: await isRuntimeProof(configPath, { challenge, endpoint: server, proof }),
  };
}
