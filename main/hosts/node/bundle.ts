import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { NODE_TARGET } from '../../bin/fallback-electron/floor.ts';

/**
 * How the script of a plugin's process is bundled: one file without shared chunks, since every process reads
 * it when it starts. The product's build and the tests use the same options.
 */
export function hostBundle(projectRoot: string, outfile: string): BuildOptions {
  return {
    entryPoints: [`${projectRoot}/main/hosts/node/node-host.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    target: NODE_TARGET,
    format: 'cjs',
    // Loading a plugin is an `import()` of its own compiled file, which must stay one.
    supported: { 'dynamic-import': true },
    logLevel: 'warning',
    plugins: [besideIt],
  };
}

/**
 * What a spare imports to start its module loader and source map reader (child/warm-up.ts). Like a plugin, it
 * has to be a file and an ES module with a source map.
 */
const SOURCE_MAP = JSON.stringify({ version: 3, sources: ['warm-up.ts'], names: [], mappings: 'AAAA' });
const WARM_UP = [
  'export const execute = () => ({});',
  // In two parts, or tools would mistake it for this file's own.
  `//# ${'sourceMappingURL'}=data:application/json;base64,${Buffer.from(SOURCE_MAP).toString('base64')}`,
  '',
].join('\n');

const besideIt: Plugin = {
  name: 'warm-up-file',
  setup: ({ initialOptions, onEnd }) => {
    onEnd(() => writeFile(join(dirname(initialOptions.outfile ?? '.'), 'warm-up.mjs'), WARM_UP));
  },
};
