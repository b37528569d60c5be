/** The oldest Node that set-up and the commands run on; package.json tells npm the same. */
export const OLDEST_NODE = '20.19';

/** @param {string} version such as 20.19.4, without a v */
export function isNodeTooOld(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
