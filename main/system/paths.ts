import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `folder` or lies below it. Links are not followed: give real paths where they matter. */
export function isInside(folder: string, path: string): boolean {
  const route = relative(folder, path);
  return route === '' || (!isAbsolute(route) && route !== '..' && !route.startsWith(`..${sep}`));
}
