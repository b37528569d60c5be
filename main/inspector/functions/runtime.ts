import { z } from 'zod';
import { WorkbenchError } from '../../contract/errors.ts';
import type { FrameFunctions } from '../../contract/snapshot.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { effectiveSettings } from './folder.ts';

export const FRAME_ARGUMENTS: ArgumentsOf<FrameFunctions> = {
  snapshot: z.null(),
  settings: z.null(),
  refusals: z.null(),
  openLink: z.strictObject({ url: z.string().max(2_000) }),
};

export function createFrameHandlers(deps: HandlerDeps): HandlersOf<FrameFunctions> {
  return {
    snapshot: () => deps.snapshot(),
    settings: () => effectiveSettings(deps),
    refusals: () => deps.refusals(),
    openLink: ({ url }) => openLink(deps, url),
  };
}

async function openLink({ baseUrl, desktop }: HandlerDeps, url: string): Promise<null> {
  if (!isSafeLink(url, baseUrl())) {
    throw new WorkbenchError('FORBIDDEN', `Only https: links and this server's own are opened, not ${url}`);
  }
  if (desktop === null) throw new WorkbenchError('BAD_REQUEST', `Open it in this browser: ${url}`);
  await desktop.openLink(url);
  return null;
}

/**
 * https: anywhere, http: only on this server's own origin; anything else (file:, javascript:, smb:) never.
 */
export function isSafeLink(url: string, baseUrl: string): boolean {
  try {
    const { protocol, origin } = new URL(url);
    return protocol === 'https:' || (protocol === 'http:' && origin === new URL(baseUrl).origin);
  } catch {
    return false; // Not a URL at all.
  }
}
