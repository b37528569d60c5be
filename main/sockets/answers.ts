import type { Json, JsonObject } from '../contract/http.ts';
import type { AskHandler } from '../hosts/asks.ts';
import type { SocketHub } from './socket-hub.ts';

/** What the stubs of production's WebSocket manager ask; they get the number of connections that it reached. */
export function createSocketAnswers(sockets: SocketHub): Readonly<Record<string, AskHandler>> {
  return {
    'sockets.send': (argument, { plugin, trace }) => {
      const { user_id: user = null, text } = objectOf(argument);
      // Production looks a user up by what it is given: what is no string is nobody's.
      if (typeof user !== 'string') return 0;
      return sockets.send(user, textOf(text), { kind: 'plugin', plugin, trace });
    },
    'sockets.broadcast': (argument, { plugin, trace }) =>
      sockets.send(null, textOf(objectOf(argument).text), { kind: 'plugin', plugin, trace }),
  };
}

function objectOf(value: Json): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error(`expected an object, not ${JSON.stringify(value)}`);
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error('text must be a string');
}
