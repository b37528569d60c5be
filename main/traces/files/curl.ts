/** Ways to take a request out of the workbench. */

export interface CurlRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** As sent; Authorization is left out here, see `token`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body's text, or null for none. */
  readonly body: string | null;
  /** The bearer token; null for none. */
  readonly token: string | null;
  /** Writes the token itself; otherwise the command reads it from the shell's variable TOKEN. */
  readonly revealToken: boolean;
}

/** Headers that curl makes itself, that say how a hop was made, or that would be a stale secret. */
const LEFT_OUT = new Set([
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'traceparent',
  'transfer-encoding',
]);

/** A command for a POSIX shell that sends the request again. Every part is quoted: nothing in it can run. */
export function toCurl({ method, url, headers, body, token, revealToken }: CurlRequest): string {
  // curl treats brackets and braces in a URL as patterns by default.
  const literally = /[[\]{}]/.test(url) ? ' --globoff' : '';
  const parts = [`curl -i${literally} -X ${quoteForShell(method)} ${quoteForShell(url)}`];
  for (const [name, value] of Object.entries(headers)) {
    if (!LEFT_OUT.has(name.toLowerCase())) parts.push(`-H ${quoteForShell(headerLine(name, value))}`);
  }
  if (token !== null) {
    parts.push(revealToken ? `-H ${quoteForShell(`Authorization: Bearer ${token}`)}` : TOKEN_FROM_SHELL);
  }
  if (body !== null) parts.push(`--data-raw ${quoteForShell(body)}`);
  return parts.join(' \\\n  ');
}

const TOKEN_FROM_SHELL = '-H "Authorization: Bearer $TOKEN"';

/** `Name:` would make curl leave the header out; `Name;` sends it empty. */
function headerLine(name: string, value: string): string {
  return value === '' ? `${name};` : `${name}: ${value}`;
}

/** Single quotes take everything literally; a single quote itself is put between them as `'\''`. */
export function quoteForShell(text: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
