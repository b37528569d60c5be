/** How every JWT begins: `{"` in base64url. */
export const JWT_START = 'eyJ';

/**
 * What looks like a JWT inside a text: three segments, five of an encrypted one, or two when a plugin cut or
 * split the third off. It is looked for at the start of a word (give or take one letter, `\n` in JSON text,
 * or a `%20`), or a long run of it would take quadratic time.
 */
export const JWT_PATTERN =
  /(?:(?<![\w-]{2})|(?<=%[\dA-Fa-f]{2}))eyJ[\w-]{4,}\.(?:[\w-]+\.[\w-]*(?:\.[\w-]+)*|eyJ[\w-]+)/g;

/**
 * Masks what looks like a JWT in a plugin's output before the engine stores or logs it: plugins receive the
 * caller's token and print it in errors. Traces mask exact values elsewhere; here the call is no longer
 * known.
 */
export function maskTokens(text: string): string {
  return text.replace(JWT_PATTERN, '[token]');
}
