import { z } from 'zod';
import type { SocketFunctions } from '../../contract/sockets.ts';
import { socketState } from '../../sockets/test-connection.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { id, persona, token } from './fields.ts';

export const SOCKET_ARGUMENTS: ArgumentsOf<SocketFunctions> = {
  sockets: z.null(),
  socketsOfTrace: z.strictObject({ trace: id }),
  connectSocket: z.strictObject({ persona, token: token.exactOptional() }),
  closeSocket: z.strictObject({ id: z.int().positive() }),
  clearSockets: z.null(),
};

export function createSocketHandlers({ sockets, test }: HandlerDeps): HandlersOf<SocketFunctions> {
  return {
    sockets: () => ({ messages: sockets.history.messages, ...socketState(sockets, test) }),
    socketsOfTrace: ({ trace }) =>
      sockets.history.messages.filter(({ cause }) => cause.kind === 'plugin' && cause.trace === trace),
    async connectSocket({ persona, token }) {
      await test.connect(persona, token);
      return null;
    },
    closeSocket({ id }) {
      sockets.close(id);
      return null;
    },
    clearSockets() {
      sockets.clear();
      return null;
    },
  };
}
