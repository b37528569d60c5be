import type { DebugView, PluginView } from '../../../main/contract/plugin-view.ts';

/** The entry of VS Code's launch.json that attaches to a plugin, also again after each reload. */
export function attachConfiguration(
  { name, language }: Pick<PluginView, 'name' | 'language'>,
  { port }: Pick<DebugView, 'port'>,
): string {
  const entry =
    language === 'python'
      ? { type: 'debugpy', connect: { host: '127.0.0.1', port } }
      : { type: 'node', address: '127.0.0.1', port, restart: true };
  return JSON.stringify({ name: `Attach to ${name}`, request: 'attach', ...entry }, null, 2);
}
