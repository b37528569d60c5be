import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from './folders.ts';

/** The plugins of a folder below `test/fixtures/`, by name: the files of each by their path in its folder. */
export function readFixturePlugins(folder: string): Record<string, Readonly<Record<string, string>>> {
  const root = join(projectRoot, 'test/fixtures', folder);
  const names = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Object.fromEntries(names.map(({ name }) => [name, readFiles(join(root, name))]));
}

function readFiles(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path, 'utf8')]));
}
