import { z } from 'zod';
import { checkContract } from '../conformance/runner.ts';
import type { ConformanceFunctions } from '../contract/conformance.ts';
import { checkContext } from './check-context.ts';
import type { HandlerDeps } from './deps.ts';
import type { ArgumentsOf, HandlersOf } from './function-types.ts';

export const CONFORMANCE_ARGUMENTS: ArgumentsOf<ConformanceFunctions> = { checkContract: z.null() };

export function createConformanceHandlers(deps: HandlerDeps): HandlersOf<ConformanceFunctions> {
  const { config, engine, authenticator, redactor } = deps;
  return {
    checkContract: async () =>
      checkContract(deps.baseUrl(), await checkContext(config, engine, authenticator), redactor),
  };
}
