import { WorkbenchError } from '../../contract/errors.ts';
import type { Trace } from '../../contract/trace.ts';
import { type RecordedCall, recordedCall } from '../../traces/record/recorded-request.ts';
import { isMasked } from '../../traces/record/redact.ts';

/** Which recorded requests can be sent again as they were, and why the others can't. */

export type Replayable = { readonly call: RecordedCall } | { readonly skip: string };

const EXECUTE_PATH = /^\/api\/(execute\/[^/?#]+|plugins\/[^/?#]+\/execute)(\?|$)/;

/** @param tokenGiven a token or a persona is given, in whose name everything is sent */
export function planReplay(trace: Trace, tokenGiven: boolean): Replayable {
  const skip = reasonToSkip(trace, tokenGiven);
  if (skip !== null) return { skip };
  try {
    return { call: recordedCall(trace) };
  } catch (error) {
    if (error instanceof WorkbenchError) return { skip: error.message };
    throw error;
  }
}

function reasonToSkip({ request, response, outcome, identity }: Trace, tokenGiven: boolean): string | null {
  if (response === null || outcome === 'aborted') return 'the client went away before there was an answer';
  if (request.method !== 'POST' || !EXECUTE_PATH.test(request.path)) return 'it is no call of a plugin';
  if (outcome === 'refused' && response.status === 403) {
    return 'it was refused for its Host or Origin, which are not sent again';
  }
  if (isMasked(request.path) || isMasked(JSON.stringify(request.body))) {
    return 'a secret in its body was masked and can’t be sent again';
  }
  const hadToken = 'authorization' in request.headers;
  if (identity === null && hadToken && !tokenGiven) {
    return 'its token was refused, and tokens are not kept: give --as or --token';
  }
  return null;
}
