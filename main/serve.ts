import './web-crypto.ts';
import { randomBytes } from 'node:crypto';
import { type Config, ConfigError, loadConfig, processSources } from './config.ts';
import { WorkbenchError } from './contract/errors.ts';
import { ROUTES } from './contract/http.ts';
import { INSPECTOR_PATHS } from './contract/inspector.ts';
import { createLog } from './log.ts';
import { productFiles } from './product-files.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { createRedactor } from './traces/redact.ts';

/**
 * The headless shell: the same runtime, the same UI in a browser. Exit code 2: a setting is wrong or its port is taken, 1: any
 * other failure.
 */

async function serve(): Promise<void> {
  const sources = processSources(process.argv.slice(2));
  const config = await loadConfig(sources);
  const files = productFiles(import.meta.url);
  const token = randomBytes(24).toString('base64url');
  const runtime = createRuntime(config, {
    hostScripts: files.hostScripts,
    traceWorker: files.traceWorker,
    environment: sources.env,
    log: stderrLog(config, token),
    shell: 'headless',
    desktop: null,
    headless: { token, uiFolder: files.ui },
  });
  stopOnSignals(runtime);
  await runtime.start();
  process.stdout.write(`listening on ${runtime.baseUrl}\n`);
  process.stdout.write(
    `open ${runtime.baseUrl}${ROUTES.inspector}/${token}/${INSPECTOR_PATHS.ui} in a browser\n`,
  );
}

/** The launch token opens the Inspector: it is masked like every other secret. */
function stderrLog(config: Config, token: string) {
  const redactor = createRedactor([...config.secrets, token]);
  return createLog({
    write: (line) => process.stderr.write(`${line}\n`),
    redact: (text) => redactor.text(text),
  });
}

/** npm hands on a terminal's Ctrl+C that this process got too: the second signal must not cut the first one's stop. */
function stopOnSignals(runtime: Runtime): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    runtime.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function fail(error: unknown): never {
  const expected = error instanceof ConfigError || error instanceof WorkbenchError;
  process.stderr.write(
    `${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(expected ? 2 : 1);
}

serve().catch(fail);
