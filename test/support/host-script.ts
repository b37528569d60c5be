import { resolve } from 'node:path';

/** Where the global set-up puts the plugin host's script, bundled from today's source. */
export const hostScript = resolve(
  import.meta.dirname,
  '../../node_modules/.cache/workbench-test/node-host.cjs',
);
