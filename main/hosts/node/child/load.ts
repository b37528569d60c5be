import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The plugin's function, called as `execute(data, tools)`; its result is checked elsewhere. */
export type Handler = (data: unknown, tools: unknown) => unknown;

export interface LoadedPlugin {
  readonly handler: Handler;
  readonly name: 'execute' | 'run' | 'default';
}

/**
 * Evaluates a compiled bundle in this process and finds its handler (CONTRACT.md §4: `execute`, else `run`,
 * else the default export). A process loads one version, once, so the module cache never matters.
 * @throws whatever the plugin's top level throws, or an Error that lists what it exports
 */
export async function loadPlugin(bundle: string, entry: string): Promise<LoadedPlugin> {
  provideCommonJs(entry);
  const loaded: Record<string, unknown> = await import(pathToFileURL(bundle).href);
  const found = findHandler(loaded);
  if (found !== null) return found;
  const names = Object.keys(loaded).join(', ');
  throw new Error(
    `no function execute(data) is exported (exports found: ${names === '' ? 'none' : names}); export one`,
  );
}

/**
 * CommonJS code inside the bundle asks for these names. As globals they yield to a module's own
 * `const require = createRequire(…)`, which a declaration in the bundle would clash with.
 */
function provideCommonJs(entry: string): void {
  Object.assign(globalThis, { require: createRequire(entry), __filename: entry, __dirname: dirname(entry) });
}

function findHandler(loaded: Record<string, unknown>): LoadedPlugin | null {
  // A CommonJS entry arrives as the default export, `module.exports = { execute }`.
  const inner = loaded.default;
  const places = typeof inner === 'object' && inner !== null ? [loaded, { ...inner }] : [loaded];
  for (const name of ['execute', 'run', 'default'] as const) {
    for (const place of places) {
      const value: unknown = Reflect.get(place, name);
      if (typeof value === 'function')
        return { name, handler: (data, tools) => value.call(place, data, tools) };
    }
  }
  return null;
}
