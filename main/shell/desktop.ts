import { shell } from 'electron';
import { WorkbenchError } from '../contract/errors.ts';
import type { Desktop } from '../inspector/deps.ts';

/** What the window's UI can have done outside of it, by the system's own means. */
export function createDesktop(): Desktop {
  return {
    async openPath(path) {
      const problem = await shell.openPath(path);
      if (problem !== '')
        throw new WorkbenchError('INTERNAL_ERROR', `${path} could not be opened: ${problem}`);
    },
    openLink: (url) => shell.openExternal(url),
  };
}
