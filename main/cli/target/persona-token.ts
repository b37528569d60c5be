import { UsageError } from '../command.ts';
import type { NamedPersona } from '../options.ts';
import type { CallTarget } from './call-target.ts';

/**
 * The token of a persona for a target that trusts the current settings; null for none.
 * @throws {UsageError} when no token can be signed here
 */
export async function personaToken(
  target: Pick<CallTarget, 'settings'>,
  persona: NamedPersona | undefined,
): Promise<string | null> {
  if (persona === undefined || persona === 'anonymous') return null;
  const { loadMint } = await import('./own-mint.ts');
  const mint = await loadMint(await target.settings());
  if (mint.signs.algorithm === null) throw new UsageError(`--as ${persona}: ${mint.signs.reason}`);
  return mint.personaToken(persona);
}
