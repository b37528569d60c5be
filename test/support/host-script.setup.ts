import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { NODE_TARGET } from '../../main/bin/fallback-electron/floor.ts';
import { hostBundle } from '../../main/hosts/node/bundle.ts';
import { projectRoot } from './folders.ts';
import { databaseScript, hostScript, threadScripts } from './host-script.ts';

const SCRIPTS: Readonly<Record<string, string>> = {
  [threadScripts.traces]: 'traces/store/disk/disk-worker.ts',
  [threadScripts.traceFile]: 'traces/files/file-worker.ts',
  [threadScripts.check]: 'conformance/run/check-worker.ts',
  [databaseScript]: 'database/database-process.ts',
  [join(dirname(databaseScript), 'mongodb-download.cjs')]: 'database/mongodb/download-process.ts',
};

/** Neither a forked process nor a thread can run TypeScript: bundles their scripts once before the tests. */
export default async function bundleScripts(): Promise<void> {
  await Promise.all([
    build(hostBundle(projectRoot, hostScript)),
    ...Object.entries(SCRIPTS).map(([outfile, source]) =>
      build({
        entryPoints: [`${projectRoot}/main/${source}`],
        outfile,
        bundle: true,
        platform: 'node',
        target: NODE_TARGET,
        format: 'cjs',
        logLevel: 'warning',
      }),
    ),
  ]);
}
