import { version } from '../../package.json';

/** What runs here, by name, the workbench itself first. */
export function runningVersions(): Readonly<Record<string, string>> {
  const { electron, chrome, node, v8 } = process.versions;
  return {
    Workbench: version,
    ...(electron === undefined ? {} : { Electron: electron, Chrome: chrome ?? '' }),
    Node: node,
    V8: v8,
  };
}
