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

/**
 * A command for bash or zsh that sends the request again. Every part is quoted, and nothing but printable characters
 * is written: neither the shell nor the terminal it is pasted into takes any of it for a command.
 */
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
  const piped = body?.includes('\0') ? body : null;
  if (piped !== null) parts.push('--data-binary @-');
  else if (body !== null) parts.push(`--data-raw ${quoteForShell(body)}`);
  const command = parts.join(' \\\n  ');
  return piped === null ? command : `${printForShell(piped)} | ${command}`;
}

const TOKEN_FROM_SHELL = '-H "Authorization: Bearer $TOKEN"';

/** `Name:` would make curl leave the header out; `Name;` sends it empty. */
function headerLine(name: string, value: string): string {
  return value === '' ? `${name};` : `${name}: ${value}`;
}

/**
 * Single quotes take everything literally; a single quote itself is put between them as `'\''`. What a terminal or
 * an editor of lines acts on while it is pasted (controls, line ends, tabs) is written as `\xNN` in `$'…'`, byte by
 * byte, and so is what hides or reorders text. A zero byte can't be in an argument.
 */
export function quoteForShell(text: string): string {
  // Not with `=` at the beginning: zsh takes it for the place of a program.
  if (/^(?!=)[A-Za-z0-9_./:=@%+-]+$/.test(text)) return text;
  if (!UNPASTABLE.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  // Inside `$'…'` also what would end it, begin an escape or, in a shell that is typed into, recall a command.
  return `$'${text.replace(/[\\'!]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeBytes)}'`;
}

const UNPASTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function escapeBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** A command that prints any text, also one with zero bytes, which no argument can hold. */
function printForShell(text: string): string {
  return `printf %b ${quoteForShell(text.replaceAll('\\', '\\\\').replaceAll('\0', '\\0000'))}`;
}
