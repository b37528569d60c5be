/** What a plugin's folder may be called (CONTRACT.md §4); one that starts with `_` is skipped. */
export const PLUGIN_NAME = /^[A-Za-z0-9-][A-Za-z0-9_-]{0,63}$/;

/** Production's loader takes a folder of this name for its own, in any letter case. */
export function isRegistry(name: string): boolean {
  return name.toLowerCase() === 'registry';
}

/** What is wrong with a name for a new plugin and what would be right, or null. */
export function pluginNameProblem(name: string): string | null {
  if (name === '') return 'A plugin needs a name';
  if (name.length > 64) return `A plugin's name has 64 characters at most; this one has ${name.length}`;
  if (name.startsWith('_') || name.startsWith('.')) {
    return `Folders that start with ${name.charAt(0)} are skipped: start the name with a letter or a digit`;
  }
  if (isRegistry(name)) return `Production skips a folder named '${name}': choose another name`;
  if (PLUGIN_NAME.test(name)) return null;
  return `'${name}' can't be a plugin's name: use letters, digits, _ and - only`;
}
