import type { TokenDemand } from '../../auth/authenticator.ts';

/** What `/openapi.json` says in prose. */

export const INTRODUCTION = `Runs plugins as the production runtime does: same routes, same identity, same errors.

Every answer carries \`X-Mozaiks-Runtime-Version\`. Errors are \`{"detail", "error_code", "status_code"}\`, the plugin host's path has \
shapes of its own. GET is answered to HEAD too. What no operation names is answered as \`x-unrouted\` says: 404 for an unknown \
path, 405 with \`Allow\` for another method. Pages may read answers only from the origins of \`FRONTEND_URL\` and \
\`ADDITIONAL_CORS_ORIGINS\`.

What a plugin receives is the client's object plus what the runtime alone may set: the schema \`PluginInput\`.`;

export const TAGS = [
  { name: 'Runtime', description: 'Whether it runs, and as what. Asked without a token.' },
  { name: 'Plugins', description: 'Which plugins there are, and who may execute them.' },
  { name: 'Execution', description: 'Running a plugin, by the path of the runtime or of the plugin host.' },
  { name: 'Preflight', description: 'What a browser asks before it lets a page send a request.' },
];

/** How a caller is identified just now (CONTRACT.md §3). */
export function securityScheme({ mode, isMandatory, algorithms }: TokenDemand): {
  readonly name: string;
  readonly description: object;
} {
  const http = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' };
  const signed = `signed with ${algorithms.join(' or ')}`;
  if (mode === 'external') {
    const description = `A token of the identity provider, ${signed} and verified with the keys of \`MOZAIKS_JWKS_URL\`; \`iss\`, \`aud\` and \`exp\` are enforced. Mandatory.`;
    return { name: 'externalToken', description: { ...http, description } };
  }
  const otherwise = isMandatory
    ? 'Mandatory (`MOZAIKS_REQUIRE_TOKEN`).'
    : 'Without one the caller is the development user; one that is sent must verify.';
  const description = `A token ${signed} and \`JWT_SECRET\`, with \`exp\` and a user id. ${otherwise}`;
  return { name: 'localToken', description: { ...http, description } };
}
