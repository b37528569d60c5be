// The commented example. A plugin is a folder with a `logic.*` file that exports `execute`. Save this file
// while the workbench runs, and the next call runs what you wrote.

// Types only: nothing from the workbench is needed at run time.
import type { Execute } from '../../main/contract/plugin.ts';

/**
 * Called once for each `POST /api/execute/hello`, with the client's JSON object and the keys that the runtime
 * added:
 *
 * - `data._context` says who is calling: app_id, user_id, username, roles, is_superadmin. The client can't
 *   forge it.
 * - `data.user_jwt` is the caller's bearer token, if one was sent. Never return or print it.
 * - everything else comes from the client: check it before you use it.
 */
export const execute: Execute = (data, { log }) => {
  const { user_id, username, roles } = data._context;
  const greeting = data.greeting ?? 'Hello';

  // A result with a key `error` becomes a 500 whose `detail` is that string. `error_code` is optional.
  if (typeof greeting !== 'string') {
    return { error: '"greeting" must be a string', error_code: 'BAD_GREETING' };
  }

  // Shows up in this call's trace, as does console.log.
  log(`greeting ${user_id}, who has ${roles.length} role(s)`);

  // Return a JSON object. Throwing answers "Error executing plugin: <message>".
  return { message: `${greeting}, ${username ?? user_id}!`, roles };
};
