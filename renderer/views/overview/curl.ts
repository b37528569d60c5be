import { executePath } from '../../../main/contract/http.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';

export function healthCurl(baseUrl: string): string {
  return `curl -si ${baseUrl}/health`;
}

/** A call of the first plugin that is ready; null when there is none. The user fills in the token. */
export function executeCurl({ baseUrl, plugins, authMode, tokenRequired }: RuntimeSnapshot): string | null {
  const plugin =
    plugins.find(({ name, serving }) => serving && name === 'hello') ??
    plugins.find(({ serving }) => serving);
  if (!plugin) return null;
  const token = authMode === 'external' || tokenRequired ? " -H 'Authorization: Bearer TOKEN'" : '';
  return `curl -si ${baseUrl}${executePath(plugin.name)}${token} -d '{}'`;
}
