import { z } from 'zod';
import type { DriverFunctions } from '../../contract/python-driver.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';

export const DRIVER_ARGUMENTS: ArgumentsOf<DriverFunctions> = {
  installDriver: z.null(),
  cancelDriver: z.null(),
  removeDriver: z.null(),
};

export function createDriverHandlers({ driver }: HandlerDeps): HandlersOf<DriverFunctions> {
  return {
    installDriver: () => {
      driver.install();
      return null;
    },
    async cancelDriver() {
      await driver.cancel();
      return null;
    },
    async removeDriver() {
      await driver.remove();
      return null;
    },
  };
}
