import { describe, expect, it } from 'vitest';
import { CLAUSES } from '../../main/conformance/clauses/clauses.ts';
import { checkConformance } from '../../main/conformance/run/run.ts';
import { PROBE_LANGUAGES } from '../../main/contract/conformance.ts';
import { startOwnTarget } from '../../main/ephemeral/own-target.ts';
import { createRuntime } from '../../main/runtime/runtime.ts';
import { createRedactor } from '../../main/traces/record/redact.ts';
import type { CleanUp } from '../support/clean-up.ts';
import { databaseScript, hostScripts, threadScripts } from '../support/host-script.ts';
import { recordingLog } from '../support/recording-log.ts';
import { testConfig } from '../support/server.ts';

const MODES = {
  local: {},
  external: { MOZAIKS_AUTH_MODE: 'external', MOZAIKS_DEV_ISSUER: 'true' },
} as const;

const CASES = PROBE_LANGUAGES.flatMap((language) =>
  (['local', 'external'] as const).map((mode) => ({ language, mode })),
);

// Each waits for the default timeout of thirty seconds, so they wait together.
describe.concurrent('this runtime keeps the whole contract', () => {
  it.for(CASES)(
    'in $mode mode, as the probe plugin in $language sees it',
    { timeout: 180_000 },
    // Vitest's own takes the end of whichever of them is the last to begin.
    async (of, { onTestFinished }) => {
      const cleanUp: CleanUp = (debt) => onTestFinished(debt);
      const config = await testConfig(MODES[of.mode], [], cleanUp);
      const log = recordingLog(cleanUp);
      const shell = { shell: 'headless', desktop: null, headless: null } as const;
      const environment = { PATH: process.env.PATH };
      const target = await startOwnTarget(
        config,
        (own) =>
          createRuntime(own, { hostScripts, threadScripts, databaseScript, environment, log, ...shell }),
        { language: of.language },
      );
      onTestFinished(() => target.close());
      const { checks, mode, own } = await checkConformance({
        target,
        redactor: createRedactor(config.secrets),
      });
      expect({ mode, own }).toEqual({ mode: of.mode, own: true });
      expect(checks.map(({ id }) => id)).toEqual(CLAUSES.map(({ id }) => id));
      const others = checks.filter(({ verdict }) => verdict !== 'passed');
      expect(others.map(({ id, verdict, reason }) => ({ id, verdict, reason }))).toEqual([]);
      // Nothing is passed without evidence.
      expect(checks.filter(({ exchanges }) => exchanges.length === 0)).toEqual([]);
    },
  );
});
