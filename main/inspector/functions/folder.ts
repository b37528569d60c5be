import { z } from 'zod';
import { WorkbenchError } from '../../contract/errors.ts';
import type { FolderFunctions } from '../../contract/folder.ts';
import { MONGODB_VERSION } from '../../contract/mongodb.ts';
import type { FolderView, Setting } from '../../contract/snapshot.ts';
import { requireWatchableFolder } from '../../plugins/reload/watchable-folder.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';

/** The longest path any system takes. */
const path = z.string().min(1).max(4_096);

export const FOLDER_ARGUMENTS: ArgumentsOf<FolderFunctions> = {
  watchFolder: z.strictObject({ path }),
  chooseFolder: z.null(),
  folders: z.null(),
  forgetFolder: z.strictObject({ path: path.nullable() }),
  setReopenFolder: z.strictObject({ on: z.boolean() }),
};

export function createFolderHandlers(deps: HandlerDeps): HandlersOf<FolderFunctions> {
  const { folders } = deps;
  return {
    watchFolder: ({ path }) => watchIfAgreed(deps, path),
    chooseFolder: () => chooseFolder(deps),
    folders: () => folders.view(),
    async forgetFolder({ path }) {
      await folders.forget(path);
      return folders.view();
    },
    async setReopenFolder({ on }) {
      await folders.setReopen(on);
      return folders.view();
    },
  };
}

/**
 * Code of a folder runs only once its user agreed: by starting the workbench over it, by choosing it in the
 * system's dialog, or when asked here. A browser reveals no path, so that one was typed.
 */
async function watchIfAgreed(deps: HandlerDeps, wish: string): Promise<FolderView | null> {
  const { desktop, engine, folders } = deps;
  const path = await requireWatchableFolder(wish);
  const isAgreed = desktop === null || path === engine.folder().path || (await folders.isAgreed(path));
  if (!isAgreed && !(await desktop.confirmFolder(path))) return null;
  return watchFolder(deps, path);
}

async function watchFolder({ engine, folders, traces }: HandlerDeps, wish: string): Promise<FolderView> {
  const path = await requireWatchableFolder(wish);
  const before = engine.folder().path;
  await engine.watchFolder(path);
  await traces.follow(path);
  await folders.remember(path, before);
  return engine.folder();
}

async function chooseFolder(deps: HandlerDeps): Promise<FolderView | null> {
  if (deps.desktop === null) {
    throw new WorkbenchError('BAD_REQUEST', 'A browser can’t choose folders of this machine: type the path');
  }
  const path = await deps.desktop.chooseFolder(deps.engine.folder().path);
  return path === null ? null : watchFolder(deps, path);
}

const WATCHED = 'MOZAIKS_PLUGINS_PATH';
const DATABASE = 'DATABASE_URI';

/** The settings as they apply now: the folder may have been exchanged since the start. */
export function effectiveSettings({
  config,
  engine,
  authSwitch,
  database,
}: Pick<HandlerDeps, 'config' | 'engine' | 'authSwitch' | 'database'>): readonly Setting[] {
  const { path } = engine.folder();
  const origin = `chosen while running; started with ${config.pluginsPath}`;
  const chosen = new Map<string, Pick<Setting, 'value' | 'origin'>>();
  if (path !== config.pluginsPath) chosen.set(WATCHED, { value: path, origin });
  if (database?.kind === 'mongodb') {
    chosen.set(DATABASE, { value: `MongoDB ${MONGODB_VERSION}, downloaded`, origin: 'chosen in Settings' });
  }
  const { settings } = authSwitch.current();
  return settings.map((setting) => {
    const instead = chosen.get(setting.name);
    return instead === undefined ? setting : { ...setting, ...instead, source: 'window' };
  });
}
