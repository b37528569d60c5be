import { realpath, stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { isInside } from './paths.ts';

/** The built UI's files, for the window's own scheme and for the headless server alike. */

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * No inline script, no eval, nothing from elsewhere; inline styles only, which the component library sets.
 */
export const UI_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

export interface StaticFile {
  readonly path: string;
  readonly contentType: string;
}

/**
 * The file that `urlPath` (percent-encoded, from the folder's root; empty for index.html) names, or null:
 * also for what lies outside `folder`, by dots or by a link.
 */
export async function findStaticFile(folder: string, urlPath: string): Promise<StaticFile | null> {
  const wanted = decoded(urlPath);
  if (wanted === null) return null;
  const path = resolve(folder, `./${wanted === '' ? 'index.html' : wanted}`);
  const contentType = CONTENT_TYPES[extname(path)];
  if (contentType === undefined || !isInside(folder, path)) return null;
  try {
    const real = await realpath(path);
    if (!isInside(await realpath(folder), real) || !(await stat(real)).isFile()) return null;
    return { path: real, contentType };
  } catch {
    return null; // Missing or unreadable: the same to the client.
  }
}

function decoded(urlPath: string): string | null {
  try {
    const text = decodeURIComponent(urlPath);
    return text.includes('\0') ? null : text;
  } catch {
    return null; // Broken percent-encoding names no file.
  }
}
