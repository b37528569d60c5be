import { realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Config } from '../config-types.ts';
import { WorkbenchError } from '../contract/errors.ts';
import type { OpenedFile } from '../contract/plugin-view.ts';
import { openInEditor } from '../editor/open.ts';
import { isInside } from '../plugins/discover.ts';
import type { PluginEngine } from '../plugins/engine-types.ts';

export interface FileWish {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

interface OpenDeps {
  readonly config: Pick<Config, 'editor'>;
  readonly engine: PluginEngine;
}

/**
 * Hands a file to an editor. Where it lies is judged after every link is followed: what a trace or a plugin's error names may
 * open a file of that plugin and nothing else of the machine.
 *
 * @throws {WorkbenchError} NOT_FOUND, FORBIDDEN, or what {@link openInEditor} says
 */
export async function openPluginFile({ config, engine }: OpenDeps, wish: FileWish): Promise<OpenedFile> {
  const plugin = engine.get(wish.name);
  if (plugin === undefined) {
    throw new WorkbenchError('NOT_FOUND', `Plugin '${wish.name}' is not in the watched folder`);
  }
  const folder = await realPath(resolve(engine.folder().path, plugin.name), plugin.name);
  const named = wish.file ?? plugin.entry.slice(plugin.name.length + 1);
  const path = await realPath(resolve(folder, named), named);
  if (!isInside(folder, path)) {
    throw new WorkbenchError(
      'FORBIDDEN',
      `${named} is not in the folder of '${plugin.name}': only its files are opened`,
    );
  }
  if (!(await stat(path)).isFile()) throw new WorkbenchError('FORBIDDEN', `${named} is not a file`);
  const place = { path, line: wish.line ?? null, column: wish.column ?? null };
  const { editor } = await openInEditor(config.editor, place, folder);
  return { editor, file: relative(folder, path).split(sep).join('/') };
}

async function realPath(path: string, named: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WorkbenchError(
      'NOT_FOUND',
      `${named} can't be opened: ${code === 'ENOENT' ? 'it is not there' : code}`,
      {
        cause: error,
      },
    );
  }
}
