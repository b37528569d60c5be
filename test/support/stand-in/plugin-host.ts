import { KEPT } from './rules.ts';
import { type StandIn, type StandInOptions, startStandIn } from './stand-in.ts';

/**
 * The standalone plugin host: the same engine behind another path (contract §2). It has no version header, hands no token on
 * and writes errors of plugins in its own shapes.
 */
export const PLUGIN_HOST: StandInOptions = {
  version: null,
  rules: {
    executePath: false,
    hostPath: 'host-words',
    inject: (call) => KEPT.inject({ ...call, token: null }),
  },
};

export function startPluginHost(): Promise<StandIn> {
  return startStandIn(PLUGIN_HOST);
}
