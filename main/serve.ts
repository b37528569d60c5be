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

/** The headless shell: the same runtime, the same UI in a browser. Exit code 1: it could not start, 2: bad settings. */

async function serve(): Promise<void> {
  const sources = processSources(process.argv.slice(2));
  const config = await loadConfig(sources);
  const files = productFiles(import.meta.url);
  const token = randomBytes(24).toString('base64url');
  const runtime = createRuntime(config, {
    hostScript: files.hostScript,
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

function stopOnSignals(runtime: Runtime): void {
  const stop = () => {
    runtime.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function fail(error: unknown): never {
  const expected = error instanceof ConfigError || error instanceof WorkbenchError;
  process.stderr.write(
    `${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(error instanceof ConfigError ? 2 : 1);
}

serve().catch(fail);
