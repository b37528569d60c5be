import type { BundleStore } from './bundles.ts';
import { hashSources, readSources, snapshotOf } from './python-files.ts';
import type { ServingVersion } from './serving.ts';

/**
 * Keeps all sources of the serving Python version, so that a process started later is made of the same ones. Modules from
 * outside of the plugin's folder, and those imported inside of a call, are known only once a process has imported them.
 *
 * @throws the system's error when a file can't be read or written
 */
export async function completeSnapshot(
  name: string,
  root: string,
  serving: ServingVersion,
  bundles: BundleStore,
): Promise<void> {
  const { version } = serving;
  if (version === null || version.bundle.python === undefined) return;
  const fileName = `${name}-${version.hash}.json`;
  // Named after these very sources: it was complete from the start.
  if (version.bundle.file.endsWith(fileName)) return;
  const sources = await readSources(version.inputs);
  // Changed since they were imported: the next version is on its way.
  if (hashSources(root, sources) !== version.hash) return;
  const file = await bundles.write(fileName, snapshotOf(sources));
  const unused = serving.setBundleFile(version, file) ? version.bundle.file : file;
  if (unused !== serving.version?.bundle.file) bundles.drop(unused);
}
