/** Where the window's pages come from. */
export interface PageSource {
  /** Their addresses begin with it. */
  readonly base: string;
  /** `scheme://host`: pages of it may call the Inspector. */
  readonly origin: string;
}

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The built UI, or electron-vite's development server. Threat model: a page behind the bridge can do whatever
 * the user can, and the environment may be set by others. So the server counts only in development, which a
 * switch on the command line says (bin/dev.mjs), and only on this machine.
 */
export function resolvePages(
  built: string,
  { devServer, isDevelopment }: { devServer: string | undefined; isDevelopment: boolean },
): PageSource {
  const url = isDevelopment && devServer !== undefined ? parseUrl(devServer) : null;
  if (url === null || url.protocol !== 'http:' || !LOOPBACK_HOSTS.includes(url.hostname)) {
    return { base: built, origin: built };
  }
  return { base: url.origin, origin: url.origin };
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null; // `URL.canParse` is newer than the fallback Electron's Node.
  }
}
