import { executePath } from '../../../main/contract/http.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';

export function healthCurl(baseUrl: string): string {
  return `curl -si ${baseUrl}/health`;
}

/** A call of the first plugin that would run; null when there is none. The token is left for the reader to fill in. */
export function executeCurl({ baseUrl, plugins, authMode, tokenRequired }: RuntimeSnapshot): string | null {
  const plugin =
    plugins.find(({ name, serving }) => serving && name === 'hello') ??
    plugins.find(({ serving }) => serving);
  if (!plugin) return null;
  const token = authMode === 'external' || tokenRequired ? " -H 'Authorization: Bearer TOKEN'" : '';
  return `curl -si ${baseUrl}${executePath(plugin.name)}${token} -d '{}'`;
}
