import { z } from 'zod';
import { DEMO_STEPS, type DemoFunctions } from '../../contract/demo.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';

export const DEMO_ARGUMENTS: ArgumentsOf<DemoFunctions> = {
  startDemo: z.null(),
  runDemoStep: z.strictObject({ step: z.enum(DEMO_STEPS) }),
  stopDemo: z.null(),
};

export function createDemoHandlers({ demo }: HandlerDeps): HandlersOf<DemoFunctions> {
  return {
    startDemo: () => demo.start(),
    runDemoStep: ({ step }) => demo.run(step),
    async stopDemo() {
      await demo.stop();
      return null;
    },
  };
}
