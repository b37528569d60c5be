import { z } from 'zod';
import { WorkbenchError } from '../../contract/errors.ts';
import { BUS_LIMITS, type EventFunctions } from '../../contract/event-bus.ts';
import { HOST_LIMITS } from '../../contract/host.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { name } from './fields.ts';

export const EVENT_ARGUMENTS: ArgumentsOf<EventFunctions> = {
  busEvents: z.null(),
  sendEvent: z.strictObject({
    name: z.string().trim().min(1).max(HOST_LIMITS.eventName),
    data: z.string().max(BUS_LIMITS.sentLength),
    as: name.nullable(),
  }),
  clearBusEvents: z.null(),
};

export function createEventHandlers({ engine, bus }: HandlerDeps): HandlersOf<EventFunctions> {
  return {
    busEvents: () => bus.events(),
    sendEvent({ name: event, data, as }) {
      requireJson(data);
      if (as !== null && engine.get(as) === undefined) {
        throw new WorkbenchError('NOT_FOUND', `Plugin '${as}' is not in the watched folder`);
      }
      return bus.view(engine.sendEvent(event, data, as));
    },
    clearBusEvents() {
      bus.clear();
      return null;
    },
  };
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new WorkbenchError('BAD_REQUEST', 'The data is not JSON', { cause: error });
  }
}
