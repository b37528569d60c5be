import { build } from 'esbuild';
import { hostBundle } from '../../main/hosts/host-bundle.ts';
import { projectRoot } from './folders.ts';
import { hostScript } from './host-script.ts';

/** A forked process can't run TypeScript: bundles the host script once before the tests. */
export default async function bundleHostScript(): Promise<void> {
  await build(hostBundle(projectRoot, hostScript));
}
