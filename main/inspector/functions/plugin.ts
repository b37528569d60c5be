import { realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../../contract/errors.ts';
import type { ArgumentOf } from '../../contract/inspector.ts';
import {
  type CreatedPlugin,
  LANGUAGES,
  type OpenedFile,
  type PluginFunctions,
} from '../../contract/plugin-view.ts';
import { openInEditor } from '../../editor/open.ts';
import { createPlugin } from '../../plugins/authoring/scaffold.ts';
import type { EnginePlugin, PluginEngine } from '../../plugins/engine/types.ts';
import { errorCode, hasErrorCode } from '../../system/errors.ts';
import { isInside } from '../../system/paths.ts';
import { TimeoutError, waitForEvent } from '../../system/wait.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { name } from './fields.ts';

const filePath = z
  .string()
  .min(1)
  .max(1_000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  .regex(/^[^\u0000-\u001f]*$/, 'contains control characters');
const place = z.int().min(1).max(10_000_000);

export const PLUGIN_ARGUMENTS: ArgumentsOf<PluginFunctions> = {
  reloadPlugin: z.strictObject({ name }),
  restartPlugin: z.strictObject({ name }),
  setPluginEnabled: z.strictObject({ name, enabled: z.boolean() }),
  createPlugin: z.strictObject({
    // The scaffold knows the rule for names and explains it better.
    name: z.string().max(300),
    language: z.enum(LANGUAGES),
  }),
  debugPlugin: z.strictObject({ name, on: z.boolean() }),
  openPluginFolder: z.strictObject({ name: name.nullable() }),
  openInEditor: z.strictObject({
    name,
    file: filePath.exactOptional(),
    line: place.exactOptional(),
    column: place.exactOptional(),
  }),
  pluginReloads: z.strictObject({ name }),
};

export function createPluginHandlers(deps: HandlerDeps): HandlersOf<PluginFunctions> {
  const { engine, withStats } = deps;
  return {
    reloadPlugin: async ({ name }) => withStats(await engine.reload(name)),
    restartPlugin: async ({ name }) => withStats(await engine.restart(name)),
    setPluginEnabled: async ({ name, enabled }) => withStats(await engine.setEnabled(name, enabled)),
    createPlugin: (input) => createAndFind(deps, input),
    debugPlugin: async ({ name, on }) => withStats(await engine.debug(name, on)),
    openPluginFolder: ({ name }) => openPluginFolder(deps, name),
    openInEditor: (input) => openPluginFile(deps, input),
    pluginReloads: ({ name }) => engine.history(name),
  };
}

function requirePlugin(engine: PluginEngine, name: string): EnginePlugin {
  const plugin = engine.get(name);
  if (plugin !== undefined) return plugin;
  throw new WorkbenchError('NOT_FOUND', `Plugin '${name}' is not in the watched folder`);
}

function openPluginFolder({ engine, desktop }: HandlerDeps, name: string | null): null {
  const root = engine.folder().path;
  const path = name === null ? root : resolve(root, requirePlugin(engine, name).name);
  if (desktop === null) {
    throw new WorkbenchError('BAD_REQUEST', `A browser can't open folders; this one is ${path}`);
  }
  desktop.showFolder(path);
  return null;
}

/**
 * How long the watcher may take to find a new folder, and the plugin to load: as long as a person would wait.
 */
const SETTLE_TIMEOUT_MS = 5_000;

/** Creates a plugin and waits until it can be called, within {@link SETTLE_TIMEOUT_MS}. */
async function createAndFind(
  { engine, withStats }: Pick<HandlerDeps, 'engine' | 'withStats'>,
  input: ArgumentOf<'createPlugin'>,
): Promise<CreatedPlugin> {
  const { folder, files } = await createPlugin(engine.folder().path, input);
  const plugin = await whenSettled(engine, input.name);
  return { name: input.name, folder, files, plugin: plugin === null ? null : withStats(plugin) };
}

async function whenSettled(engine: PluginEngine, name: string): Promise<EnginePlugin | null> {
  const isSettled = () => (engine.get(name)?.status ?? 'loading') !== 'loading';
  if (!isSettled()) {
    const changed = waitForEvent<void>((listener) => engine.on('changed', () => listener()), {
      accept: isSettled,
      timeoutMs: SETTLE_TIMEOUT_MS,
    });
    await changed.catch((error: unknown) => {
      if (!(error instanceof TimeoutError)) throw error;
    });
  }
  return engine.get(name) ?? null;
}

/**
 * Opens a file in an editor. Its location is checked after every link has been followed: what a trace or a
 * plugin's error names may open a file of that plugin and nothing else on the machine.
 *
 * @throws {WorkbenchError} NOT_FOUND, FORBIDDEN, or what {@link openInEditor} throws
 */
async function openPluginFile(
  { config, engine }: Pick<HandlerDeps, 'config' | 'engine'>,
  input: ArgumentOf<'openInEditor'>,
): Promise<OpenedFile> {
  const plugin = requirePlugin(engine, input.name);
  const folder = await realPath(resolve(engine.folder().path, plugin.name), plugin.name);
  const named = input.file ?? plugin.entry.slice(plugin.name.length + 1);
  const path = await realPath(resolve(folder, named), named);
  if (!isInside(folder, path)) {
    throw new WorkbenchError(
      'FORBIDDEN',
      `${named} is not in the folder of '${plugin.name}': only its files can be opened`,
    );
  }
  if (!(await stat(path)).isFile()) throw new WorkbenchError('FORBIDDEN', `${named} is not a file`);
  const place = { path, line: input.line ?? null, column: input.column ?? null };
  const { editor } = await openInEditor(config.editor, place, folder);
  return { editor, file: relative(folder, path).split(sep).join('/') };
}

async function realPath(path: string, named: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const reason = hasErrorCode(error, 'ENOENT') ? 'it does not exist' : errorCode(error);
    throw new WorkbenchError('NOT_FOUND', `${named} can't be opened: ${reason}`, { cause: error });
  }
}
