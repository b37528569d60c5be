import type { HandlerDeps } from './deps.ts';
import { createConformanceHandlers } from './functions/conformance.ts';
import { createDataHandlers } from './functions/data.ts';
import { createDemoHandlers } from './functions/demo.ts';
import { createDriverHandlers } from './functions/driver.ts';
import { createEventHandlers } from './functions/events.ts';
import { createFolderHandlers } from './functions/folder.ts';
import { createMongodbHandlers } from './functions/mongodb.ts';
import { createMuteHandlers } from './functions/mutes.ts';
import { createPluginHandlers } from './functions/plugin.ts';
import { createRunHandlers } from './functions/run.ts';
import { createFrameHandlers } from './functions/runtime.ts';
import { createSocketHandlers } from './functions/sockets.ts';
import { createTokenHandlers } from './functions/token.ts';
import { createTraceHandlers } from './functions/trace.ts';
import { createTraceFileHandlers } from './functions/trace-file.ts';
import { createWindowHandlers } from './functions/window.ts';
import type { InspectorHandlers } from './inspector.ts';

/** The Inspector's functions over one runtime: each is a few lines over the part that does the work. */
export function createHandlers(deps: HandlerDeps): InspectorHandlers {
  return {
    ...createFrameHandlers(deps),
    ...createFolderHandlers(deps),
    ...createWindowHandlers(deps),
    ...createPluginHandlers(deps),
    ...createRunHandlers(deps),
    ...createTraceHandlers(deps),
    ...createTraceFileHandlers(deps),
    ...createTokenHandlers(deps),
    ...createConformanceHandlers(deps),
    ...createDemoHandlers(deps),
    ...createDriverHandlers(deps),
    ...createMongodbHandlers(deps),
    ...createDataHandlers(deps),
    ...createSocketHandlers(deps),
    ...createEventHandlers(deps),
    ...createMuteHandlers(deps),
  };
}
