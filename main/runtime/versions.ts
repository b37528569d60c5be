import { version } from '../../package.json';

/** What runs here, by name, the workbench itself first. */
export function runningVersions(): Readonly<Record<string, string>> {
  const { electron, chrome, node, v8 } = process.versions;
  if (electron === undefined) return { Workbench: version, Node: node, V8: v8 };
  return { Workbench: version, Electron: electron, Chrome: chrome ?? '', Node: node, V8: v8 };
}
