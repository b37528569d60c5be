import { connectTarget } from '../../../main/conformance/target/remote-target.ts';
import type {
  CheckTarget,
  TimeoutSource,
  Variant,
  VariantTarget,
} from '../../../main/conformance/target/target.ts';
import { type StandIn, type StandInOptions, startStandIn } from './stand-in.ts';
import { checkTokens } from './tokens.ts';

export interface StandInTargetOptions extends StandInOptions {
  /** Of the variants that set the timeout; short, since each is waited for. */
  readonly timeoutSeconds?: number;
  /**
   * What is taken for the contract's default of the timeout, where nobody wants to wait for its thirty
   * seconds.
   */
  readonly expectedDefaultSeconds?: number;
}

const DESCRIPTIONS: Readonly<Partial<Record<Variant, string>>> = {
  'timeout-unset': 'a second stand-in without a timeout',
  'timeout-older-name': 'a second stand-in with PLUGIN_EXEC_TIMEOUT_S',
};

/**
 * Stand-ins of one kind as a target: one with the probe plugin and a short timeout, and others with the
 * timeout set otherwise, started when a clause asks for them. Each is looked at over HTTP as any stranger's
 * runtime is. Closing the target ends them all.
 */
export async function standInTarget(options: StandInTargetOptions = {}): Promise<CheckTarget> {
  const seconds = options.timeoutSeconds ?? 0.6;
  const started: Promise<StandIn>[] = [];
  const start = async (from: TimeoutSource, expected: number): Promise<VariantTarget> => {
    const env = from === 'default' ? {} : { [from]: String(expected) };
    const starting = startStandIn({ ...options, env });
    started.push(starting);
    return lookAt(await starting, { seconds: expected, from });
  };
  const self = await start('MOZAIKS_PLUGIN_TIMEOUT_SECONDS', seconds);
  const unset = options.expectedDefaultSeconds ?? 30;
  const begin: Readonly<Record<Variant, () => Promise<VariantTarget>>> = {
    probe: async () => self,
    'timeout-set': async () => self,
    'timeout-unset': () => start('default', unset),
    'timeout-older-name': () => start('PLUGIN_EXEC_TIMEOUT_S', seconds),
  };
  const variants = new Map<Variant, Promise<VariantTarget>>();
  return {
    self,
    own: false,
    async findVariant(variant) {
      const begun = variants.get(variant) ?? begin[variant]();
      variants.set(variant, begun);
      return { ...(await begun), description: DESCRIPTIONS[variant] ?? null };
    },
    async close() {
      await Promise.all(started.map(async (starting) => (await starting).stop()));
    },
  };
}

async function lookAt(
  { baseUrl, issuer, maxBodyBytes, allowedOrigin }: StandIn,
  timeout: VariantTarget['context']['timeout'],
): Promise<VariantTarget> {
  const tokens = checkTokens(issuer);
  const options = { url: baseUrl, tokens, maxBodyBytes, allowedOrigin, allowDisruptive: true };
  const { self } = await connectTarget(options, new AbortController().signal);
  return { ...self, context: { ...self.context, timeout } };
}
