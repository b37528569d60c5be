import type { Trace } from '../../../main/contract/trace.ts';

/** Why a call ended as it did, in plain words, and what to do about it. */
export interface Explanation {
  readonly what: string;
  /** What would change it; null where nothing is left to say. */
  readonly remedy: string | null;
}

type Explained = Pick<Trace, 'outcome' | 'status' | 'errorCode' | 'error' | 'plugin' | 'token' | 'identity'>;

/** Explains every outcome but `ok`, for which it gives null. `timeout` and `duration` are texts such as "30 s". */
export function explain(trace: Explained, timeout: string, duration: string): Explanation | null {
  switch (trace.outcome) {
    case 'ok':
      return null;
    case 'plugin_error':
      return {
        what: 'The plugin answered with an object that has an “error” key, so the client got 500.',
        remedy: 'Return an object without “error” to answer 200.',
      };
    case 'exception':
      return explainException(trace);
    case 'timeout':
      return {
        what: `The plugin was still running after ${timeout}, the timeout, so the runtime ended its process.`,
        remedy: 'The next call starts a fresh process. MOZAIKS_PLUGIN_TIMEOUT_SECONDS sets the timeout.',
      };
    case 'crashed':
      return {
        what: 'The plugin’s process ended in the middle of the call.',
        remedy: 'The next call starts a fresh process; three crashes in five minutes quarantine the plugin.',
      };
    case 'refused':
      return explainRefusal(trace);
    case 'aborted':
      return {
        what: `The client closed the connection after ${duration}, before there was an answer.`,
        remedy: 'The call was cancelled: the plugin’s “signal” was aborted.',
      };
  }
}

function explainException(trace: Explained): Explanation {
  if (trace.errorCode === 'PLUGIN_INVALID_RESULT') {
    return {
      what: 'The plugin returned something that is no JSON object.',
      remedy: 'Return a plain object: no list, function, BigInt or cycle.',
    };
  }
  if (trace.errorCode === 'PLUGIN_LOAD_FAILED') {
    return {
      what: 'No version of the plugin has ever loaded, so there was nothing to run.',
      remedy: 'Its failure, with file and line, is on the Plugins screen; the next good save heals it.',
    };
  }
  return { what: 'The plugin threw an error, or its promise was rejected.', remedy: null };
}

function explainRefusal(trace: Explained): Explanation {
  switch (trace.status) {
    case 401:
      return explainUnauthorized(trace);
    case 403:
      return {
        what: 'The Host or the Origin header named somewhere else than this runtime, so nothing else was looked at.',
        remedy: 'FRONTEND_URL and ADDITIONAL_CORS_ORIGINS list the web origins that may call.',
      };
    case 404:
      return {
        what: `There is no plugin “${trace.plugin}” in the watched folder, or it is disabled.`,
        remedy: 'Its name is the name of its folder. The Plugins screen lists what was found.',
      };
    case 413:
      return {
        what: 'The request’s body was longer than this runtime takes.',
        remedy: 'MAX_REQUEST_BODY_BYTES sets the limit.',
      };
    case 400:
      return {
        what: 'The request’s body was no JSON object, so no plugin was run.',
        remedy: 'Send an object, {} at least.',
      };
    case 405:
      return { what: 'Plugins are executed with POST only.', remedy: null };
    default:
      return { what: 'The runtime refused the request before any plugin ran.', remedy: null };
  }
}

function explainUnauthorized(trace: Explained): Explanation {
  const failed = trace.token?.steps.find((step) => step.verdict === 'failed');
  if (failed !== undefined) {
    return {
      what: `The token was not accepted: ${sentence(failed.detail)}`,
      remedy: failed.remedy?.text ?? 'The JWT tab shows every check of it.',
    };
  }
  if (trace.token === null) {
    return {
      what: 'A bearer token is needed here, and none was sent.',
      remedy: 'Send “Authorization: Bearer …”; the Tokens screen mints one.',
    };
  }
  return {
    what: 'The token was not accepted.',
    remedy: 'The JWT tab shows every check of it.',
  };
}

/** A text with a full stop, unless it ends in a stop already. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
