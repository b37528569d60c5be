/**
 * What is mutated, with the tests that have to notice: those beside the source, and few others, since each
 * mutant runs them again.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const TARGETS = {
  // Identity
  'main/auth/token-shape.ts': ['test/auth/token-shape.test.ts'],
  'main/auth/claims.ts': ['test/auth/claims.test.ts'],
  'main/auth/identity.ts': ['test/auth/identity.test.ts'],
  'main/auth/verify.ts': ['test/auth/verify.test.ts', 'test/auth/token-shape.test.ts'],
  'main/auth/steps.ts': ['test/auth/verify.test.ts', 'test/auth/authenticator.test.ts'],
  'main/auth/key-finder.ts': ['test/auth/verify.test.ts', 'test/auth/jwks.test.ts'],
  'main/auth/authenticator.ts': ['test/auth/authenticator.test.ts'],
  // Reserved keys, spliced into the body
  'main/auth/inject.ts': ['test/auth/inject.test.ts'],
  'main/contract/json-members.ts': ['test/contract/json-members.test.ts'],
  // Gate
  'main/server/middleware/gate.ts': ['test/server/middleware/gate-alone.test.ts'],
  'main/server/middleware/host-check.ts': ['test/server/middleware/host-check.test.ts'],
  'main/server/middleware/origin-check.ts': ['test/server/middleware/origin-check.test.ts'],
  'main/server/connection/raw-headers.ts': ['test/server/connection/raw-headers.test.ts'],
  'main/server/refusals.ts': ['test/server/refusals.test.ts'],
  // Results
  'main/hosts/node/child/result.ts': ['test/hosts/node/child/result.test.ts'],
  // Traces
  'main/traces/record/redact.ts': ['test/traces/record/redact.test.ts'],
  'main/traces/record/body.ts': ['test/traces/record/body.test.ts'],
  'main/traces/record/build.ts': ['test/traces/record/build.test.ts'],
  'main/traces/record/mask-again.ts': ['test/traces/record/mask-again.test.ts'],
  'main/traces/record/recorder.ts': ['test/traces/record/recorder.test.ts'],
  'main/traces/record/recorded-request.ts': ['test/traces/record/recorded-request.test.ts'],
  'main/traces/record/trace-context.ts': ['test/traces/record/trace-context.test.ts'],
};
