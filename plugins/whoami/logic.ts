import type { Execute } from '../../main/contract/plugin.ts';

/** Returns the context as the runtime injected it, but never the token: only whether there was one. */
export const execute: Execute = ({ app_id, user_id, user_jwt, _context }) => ({
  app_id,
  user_id,
  user_jwt: user_jwt !== undefined,
  _context,
});
