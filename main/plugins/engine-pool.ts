import { Guardian } from '../hosts/guardian.ts';
import { createNodeLauncher } from '../hosts/launcher.ts';
import { HostPool } from '../hosts/pool.ts';
import type { PythonInterpreter } from '../hosts/python-interpreter.ts';
import { createPythonLauncher } from '../hosts/python-launcher.ts';
import type { EngineOptions } from './engine-types.ts';

/** The processes that an engine's plugins run in, a launcher for each language. `onParked`: one was ended to make room. */
export function createEnginePool(
  { hostScripts, environment, memoryLimitMb, log, maxLiveHosts }: EngineOptions,
  interpreter: PythonInterpreter,
  onParked: () => void,
): HostPool {
  return new HostPool({
    launchers: {
      node: createNodeLauncher({ script: hostScripts.node, environment, memoryLimitMb }),
      python: createPythonLauncher({ script: hostScripts.python, interpreter, memoryLimitMb }),
    },
    guardian: new Guardian(log),
    maxLive: maxLiveHosts,
    onParked,
  });
}
