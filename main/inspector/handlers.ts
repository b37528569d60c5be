import { createConformanceHandlers } from './conformance-functions.ts';
import { createDemoHandlers } from './demo-functions.ts';
import type { HandlerDeps } from './deps.ts';
import { createFolderHandlers } from './folder-functions.ts';
import { createFrameHandlers } from './frame-functions.ts';
import type { InspectorHandlers } from './inspector.ts';
import { createPluginHandlers } from './plugin-functions.ts';
import { createRunHandlers } from './run-functions.ts';
import { createTokenHandlers } from './token-functions.ts';
import { createTraceFileHandlers } from './trace-file-functions.ts';
import { createTraceHandlers } from './trace-functions.ts';
import { createWindowHandlers } from './window-functions.ts';

/** The Inspector's functions over one runtime: each a few lines over a part that knows its business. */
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
  };
}
