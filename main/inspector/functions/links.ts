/** https: anywhere, http: only on this server's own origin; anything else (file:, javascript:, smb:) never. */
export function isSafeLink(url: string, baseUrl: string): boolean {
  try {
    const { protocol, origin } = new URL(url);
    return protocol === 'https:' || (protocol === 'http:' && origin === new URL(baseUrl).origin);
  } catch {
    return false; // Not a URL at all.
  }
}
