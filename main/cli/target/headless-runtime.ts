import '../../bin/fallback-electron/web-crypto.ts';
import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/types.ts';
import { productFiles } from '../../runtime/product-files.ts';
import { createRuntime, type Runtime } from '../../runtime/runtime.ts';
import { createLog, type Log } from '../../system/log.ts';
import { createRedactor } from '../../traces/record/redact.ts';
import type { CommandContext } from '../command.ts';

/** The whole runtime for a command. Imported when a command needs one: it is most of the product. */

export interface HeadlessRuntime {
  readonly runtime: Runtime;
  /** Opens the Inspector in a browser; null without a UI. A secret, masked in the log. */
  readonly launchToken: string | null;
}

export interface HeadlessOptions {
  readonly ui: boolean;
  /** Gets each line of the runtime's log, masked. */
  readonly write: (line: string) => void;
  /** The plugins that are loaded; default: all. */
  readonly only?: readonly string[] | undefined;
}

/** Creates a runtime without a shell; it neither listens nor runs yet. */
export function createHeadlessRuntime(
  config: Config,
  { sources, entry }: Pick<CommandContext, 'sources' | 'entry'>,
  { ui, write, only }: HeadlessOptions,
): HeadlessRuntime {
  const files = productFiles(entry);
  const launchToken = ui ? randomBytes(24).toString('base64url') : null;
  const runtime = createRuntime(config, {
    hostScripts: files.hostScripts,
    threadScripts: files.threadScripts,
    databaseScript: files.databaseScript,
    environment: sources.env,
    log: maskedLog([...config.secrets, ...(launchToken === null ? [] : [launchToken])], write),
    shell: 'headless',
    desktop: null,
    headless: launchToken === null ? null : { token: launchToken, uiFolder: files.ui },
    only,
  });
  return { runtime, launchToken };
}

function maskedLog(secrets: readonly string[], write: (line: string) => void): Log {
  const redactor = createRedactor(secrets);
  return createLog({ write, redact: (text) => redactor.text(text) });
}
