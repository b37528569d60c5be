import { build } from 'esbuild';
import { NODE_TARGET } from '../../main/bin/fallback-electron/floor.ts';
import { hostBundle } from '../../main/hosts/node/bundle.ts';
import { projectRoot } from './folders.ts';
import { hostScript, traceWorker } from './host-script.ts';

/** Neither a forked process nor a thread can run TypeScript: bundles their scripts once before the tests. */
export default async function bundleScripts(): Promise<void> {
  await Promise.all([
    build(hostBundle(projectRoot, hostScript)),
    build({
      entryPoints: [`${projectRoot}/main/traces/store/disk/disk-worker.ts`],
      outfile: traceWorker,
      bundle: true,
      platform: 'node',
      target: NODE_TARGET,
      format: 'cjs',
      logLevel: 'warning',
    }),
  ]);
}
