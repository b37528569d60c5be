import type { CheckContext, CheckTarget } from '../../main/conformance/target/target.ts';
import { ROUTES } from '../../main/contract/http.ts';

/** A target that offers everything to its clauses. */
export const CONTEXT: CheckContext = {
  mode: 'local',
  anonymousAllowed: true,
  failing: null,
  tokens: { user: 'aaa.bbb.ccc' },
  caller: { userId: 'user', username: 'user', roles: [] },
  plugin: 'hello',
  probe: 'contract-probe',
  executeRoute: ROUTES.execute,
  maxBodyBytes: 1_000,
  allowedOrigin: 'http://localhost:5173',
  timeout: { seconds: 0.1, from: 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS' },
  allowDisruptive: true,
};

/** One server as a target, which serves as every variant too. */
export function oneServer(url: string, over: Partial<CheckContext> = {}): CheckTarget {
  const self = { origin: new URL(url), context: { ...CONTEXT, ...over }, description: null };
  return { self, own: false, findVariant: async () => self, close: async () => undefined };
}
