/**
 * Masks what looks like a JWT in a plugin's words before the engine itself keeps or logs them: plugins get the caller's
 * token and print it in errors. Traces are masked by exact value elsewhere; here the call is no longer known.
 */
export function maskTokens(text: string): string {
  return text.replace(/eyJ[\w-]{5,}\.[\w-]+(\.[\w-]*)*/g, '[token]');
}
