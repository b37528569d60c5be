import type { BuildOptions } from 'esbuild';

/**
 * How the script of a plugin's process is bundled: one file without shared chunks, since every process start reads it.
 * The product's build and the tests use the same options.
 */
export function hostBundle(projectRoot: string, outfile: string): BuildOptions {
  return {
    entryPoints: [`${projectRoot}/main/hosts/node-host.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    // Loading a plugin is an `import()` of its own compiled file, which must stay one.
    supported: { 'dynamic-import': true },
    logLevel: 'warning',
  };
}
