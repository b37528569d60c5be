import { UsageError } from '../command.ts';
import type { NamedPersona } from '../options.ts';
import type { CallTarget } from './call-target.ts';

/**
 * The token of a persona for a target that trusts the current settings; null for none.
 * @throws {UsageError} when no token can be signed here, or none is signed for this runtime
 */
export async function personaToken(
  target: Pick<CallTarget, 'baseUrl' | 'settings' | 'isOwn'>,
  persona: NamedPersona | undefined,
): Promise<string | null> {
  if (persona === undefined || persona === 'anonymous') return null;
  if (!(await target.isOwn())) {
    throw new UsageError(
      `--as ${persona}: ${target.baseUrl} does not prove to be your runtime, so no token is signed for it: give --token`,
    );
  }
  const { loadMint } = await import('./own-mint.ts');
  const mint = await loadMint(await target.settings());
  if (mint.signs.algorithm === null) throw new UsageError(`--as ${persona}: ${mint.signs.reason}`);
  return mint.personaToken(persona);
}
