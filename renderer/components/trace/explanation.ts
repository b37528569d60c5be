import type { Trace } from '../../../main/contract/trace.ts';

/** Why a call ended as it did, and what to do about it. */
export interface Explanation {
  readonly what: string;
  /** What would change it; null where there is nothing to add. */
  readonly remedy: string | null;
}

type Explained = Pick<Trace, 'outcome' | 'status' | 'errorCode' | 'error' | 'plugin' | 'token' | 'identity'>;

/** Explains every outcome except `ok` (null). `timeout` and `duration` are formatted, such as "30 s". */
export function explain(trace: Explained, timeout: string, duration: string): Explanation | null {
  switch (trace.outcome) {
    case 'ok':
      return null;
    case 'plugin_error':
      return {
        what: 'The plugin returned an object with an “error” key, so the client received 500.',
        remedy: 'Return an object without an “error” key to answer 200.',
      };
    case 'exception':
      return explainException(trace);
    case 'timeout':
      return {
        what: `The plugin was still running when its timeout (${timeout}) elapsed, so the runtime cancelled the call.`,
        remedy:
          'Its process is replaced only if it blocks or goes on. MOZAIKS_PLUGIN_TIMEOUT_SECONDS sets the timeout.',
      };
    case 'crashed':
      return {
        what: 'The plugin’s process exited during the call.',
        remedy: 'The next call starts a fresh process; three crashes in five minutes quarantine the plugin.',
      };
    case 'refused':
      return explainRefusal(trace);
    case 'aborted':
      return {
        what: `The client closed the connection after ${duration}, before an answer was sent.`,
        remedy: 'The call was cancelled: the plugin’s “signal” was aborted.',
      };
  }
}

function explainException(trace: Explained): Explanation {
  if (trace.errorCode === 'PLUGIN_INVALID_RESULT') {
    return {
      what: 'The plugin returned something that is not a JSON object.',
      remedy: 'Return a plain object, not a list, without functions, BigInts or cycles.',
    };
  }
  if (trace.errorCode === 'PLUGIN_LOAD_FAILED') {
    return {
      what: 'No version of the plugin has ever loaded, so there was nothing to run.',
      remedy: 'The Plugins screen shows the failure with file and line. Save a fix to reload the plugin.',
    };
  }
  return { what: 'The plugin threw an error, or its promise was rejected.', remedy: null };
}

function explainRefusal(trace: Explained): Explanation {
  switch (trace.status) {
    case 401:
      return explainUnauthorized(trace);
    case 403:
      return explainForbidden(trace);
    case 429:
      return {
        what: 'The user’s tier leaves too little of a limit that this action uses, so the plugin did not run.',
        remedy: 'entitlements.yaml sets the limits of each tier; a later period starts with nothing used.',
      };
    case 404:
      return {
        what: `Plugin “${trace.plugin}” is not in the watched folder, or it is disabled.`,
        remedy: 'A plugin is named like its folder. The Plugins screen lists what was found.',
      };
    case 413:
      return {
        what: 'The request’s body was longer than this runtime accepts.',
        remedy: 'MAX_REQUEST_BODY_BYTES sets the limit.',
      };
    case 400:
      return {
        what: 'The request’s body was not a JSON object, so the plugin did not run.',
        remedy: 'Send a JSON object, at least {}.',
      };
    case 405:
      return { what: 'Only POST executes a plugin.', remedy: null };
    default:
      return { what: 'The runtime refused the request before any plugin ran.', remedy: null };
  }
}

function explainForbidden({ errorCode, identity }: Explained): Explanation {
  if (errorCode === 'FEATURE_GATED') {
    return {
      what: 'The user’s tier lacks a feature that this action requires, so the plugin did not run.',
      remedy: 'entitlements.yaml lists the features of each tier.',
    };
  }
  // Host and Origin are checked before anyone is identified.
  if (identity !== null) {
    return {
      what: 'The user’s plan does not include this plugin, so it did not run.',
      remedy: 'subscription_config.json lists the plugins that a plan unlocks.',
    };
  }
  return {
    what: 'The Host or Origin header did not name this runtime, so nothing else was checked.',
    remedy: 'FRONTEND_URL and ADDITIONAL_CORS_ORIGINS list the allowed web origins.',
  };
}

function explainUnauthorized(trace: Explained): Explanation {
  const failed = trace.token?.steps.find((step) => step.verdict === 'failed');
  if (failed !== undefined) {
    return {
      what: `The token was not accepted: ${withFullStop(failed.detail)}`,
      remedy: failed.remedy?.text ?? 'The JWT tab shows every check.',
    };
  }
  if (trace.token === null) {
    return {
      what: 'A bearer token is required, but none was sent.',
      remedy: 'Send “Authorization: Bearer …”; the Tokens screen mints one.',
    };
  }
  return {
    what: 'The token was not accepted.',
    remedy: 'The JWT tab shows every check.',
  };
}

/** `text` with a full stop, unless it ends in one. */
export function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
