import { UsageError } from '../command.ts';
import type { NamedPersona } from '../options.ts';
import type { CallTarget } from './call-target.ts';

/**
 * The token of a persona for a target that trusts the settings in force here; null for none.
 * @throws {UsageError} where nothing can be signed
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
