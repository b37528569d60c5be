import { z } from 'zod';
import { MUTE_LIMITS, type MuteFunctions } from '../../contract/finding.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';

const named = z.strictObject({ collection: z.string().min(1).max(MUTE_LIMITS.name) });

export const MUTE_ARGUMENTS: ArgumentsOf<MuteFunctions> = {
  mutedCollections: z.null(),
  muteCollection: named,
  unmuteCollection: named,
};

export function createMuteHandlers({ mutes }: HandlerDeps): HandlersOf<MuteFunctions> {
  return {
    mutedCollections: () => mutes.list(),
    muteCollection: ({ collection }) => mutes.mute(collection),
    unmuteCollection: ({ collection }) => mutes.unmute(collection),
  };
}
