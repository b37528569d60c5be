import type { Execute } from '../../main/contract/plugin.ts';

/** Answers with the context as the runtime injected it. The token itself stays here: only whether there was one. */
export const execute: Execute = ({ app_id, user_id, user_jwt, _context }) => ({
  app_id,
  user_id,
  user_jwt: user_jwt !== undefined,
  _context,
});
