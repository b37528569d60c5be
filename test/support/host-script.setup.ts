import { resolve } from 'node:path';
import { build } from 'esbuild';
import { hostScript } from './host-script.ts';

/** A forked process can't run TypeScript: bundles the host script once before the tests. */
export default async function bundleHostScript(): Promise<void> {
  await build({
    entryPoints: [resolve(import.meta.dirname, '../../main/hosts/node-host.ts')],
    outfile: hostScript,
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    logLevel: 'error',
  });
}
