import {
  CONSOLE_LEVELS,
  EVENT_KINDS,
  HOST_LIMITS,
  type HostMessage,
  type HostResult,
  RESULT_DIFFERENCES,
  type SourcePlace,
} from './host.ts';

/** Guards for what comes up from a plugin's process, which may be anything. */

/** Whether a message from a plugin's process has one of the known shapes; the rest is dropped. */
export function isHostMessage(value: unknown): value is HostMessage {
  if (!isRecord(value)) return false;
  switch (value.type) {
    case 'up':
      return true;
    case 'loaded':
      return ['execute', 'run', 'default'].includes(String(value.handler)) && hasSources(value, true);
    case 'files':
      return hasSources(value, false);
    case 'load-failed':
      return isLoadFailure(value);
    case 'console':
      return isConsole(value);
    case 'event':
      return isEvent(value);
    case 'child':
      return isChild(value);
    case 'ask':
      return isAsk(value);
    case 'subscribed':
      return isSubscribed(value);
    case 'publish':
      return isPublished(value);
    case 'delivered':
      return isDelivered(value);
    case 'cancelling':
      return isId(value.id);
    case 'result':
      return (
        isId(value.id) &&
        isHostResult(value.result) &&
        (value.blockedMs === undefined || Number.isFinite(value.blockedMs)) &&
        (value.absent === undefined || isNames(value.absent, HOST_LIMITS.absentVariables)) &&
        (value.unawaited === undefined || isNames(value.unawaited, HOST_LIMITS.unawaited))
      );
    case 'inspecting':
      return isInspecting(value);
    case 'not-inspecting':
    case 'dying':
      return isText(value.reason);
    default:
      return false;
  }
}

function hasSources({ files, hash }: Record<string, unknown>, optional: boolean): boolean {
  if (files === undefined && hash === undefined) return optional;
  return (
    Array.isArray(files) && files.length <= HOST_LIMITS.sourceFiles && files.every(isText) && isText(hash)
  );
}

function isLoadFailure({ message, stack, place, missing }: Record<string, unknown>): boolean {
  const hasKnownTypes =
    (place == null || isPlace(place)) && ['undefined', 'boolean'].includes(typeof missing);
  return isText(message) && isText(stack) && hasKnownTypes;
}

function isInspecting({ port, path, token }: Record<string, unknown>): boolean {
  const hasToken = token === undefined || (typeof token === 'string' && /^[0-9a-f]{64}$/.test(token));
  return isPort(port) && typeof path === 'string' && /^(\/[\w-]{1,100})?$/.test(path) && hasToken;
}

function isPlace(value: unknown): value is SourcePlace {
  return (
    isRecord(value) &&
    isText(value.file) &&
    [value.line, value.column].every((number) => isId(number) && number > 0)
  );
}

function isConsole(value: Record<string, unknown>): boolean {
  return (
    (value.id === null || isId(value.id)) &&
    CONSOLE_LEVELS.some((level) => level === value.level) &&
    typeof value.text === 'string' &&
    value.text.length <= HOST_LIMITS.consoleBytes &&
    Number.isFinite(value.at)
  );
}

function isEvent({ id, at, kind, name, detail, source }: Record<string, unknown>): boolean {
  return (
    (id === null || isId(id)) &&
    Number.isFinite(at) &&
    EVENT_KINDS.some((known) => known === kind) &&
    isName(name) &&
    isName(source) &&
    typeof detail === 'string' &&
    detail.length <= HOST_LIMITS.eventDetail
  );
}

function isChild({ id, at, durationMs, error, work, scope }: Record<string, unknown>): boolean {
  return (
    (id === null || isId(id)) &&
    Number.isFinite(at) &&
    isAmount(durationMs) &&
    (error === null || isChildText(error)) &&
    isRecord(work) &&
    (work.kind === 'database' ? isDatabaseCommand(work) : work.kind === 'http' && isHttpRequest(work)) &&
    (scope === undefined || (typeof scope === 'string' && scope.length <= HOST_LIMITS.childScope))
  );
}

function isDatabaseCommand(work: Record<string, unknown>): boolean {
  const { command, database, collection, filter, documents } = work;
  return (
    [command, database].every(isName) &&
    (collection === null || isName(collection)) &&
    (filter === null || isChildText(filter)) &&
    (documents === null || isAmount(documents))
  );
}

function isHttpRequest(work: Record<string, unknown>): boolean {
  const { method, url, status, requestBytes, responseBytes, carriesUserJwt, requestBody, responseBody } =
    work;
  return (
    isName(method) &&
    isChildText(url) &&
    (status === null || (isId(status) && status >= 100 && status <= 999)) &&
    [requestBytes, responseBytes].every((bytes) => bytes === null || isAmount(bytes)) &&
    typeof carriesUserJwt === 'boolean' &&
    [requestBody, responseBody].every((body) => body === undefined || isChildText(body))
  );
}

function isChildText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= HOST_LIMITS.childText;
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isAsk({ id, call, name, argument }: Record<string, unknown>): boolean {
  return isId(id) && (call === null || isId(call)) && isName(name) && isMessageData(argument);
}

function isPublished({ call, source, event, data, depth, own }: Record<string, unknown>): boolean {
  return (
    (call === null || isId(call)) &&
    [source, event].every(isName) &&
    isMessageData(data) &&
    isId(depth) &&
    (own === undefined || isId(own))
  );
}

function isSubscribed({ events, subscribers }: Record<string, unknown>): boolean {
  const isNamed = (value: unknown) =>
    Array.isArray(value) &&
    value.length <= HOST_LIMITS.subscriptions &&
    value.every((names) => isNames(names, HOST_LIMITS.subscribers));
  return isNames(events, HOST_LIMITS.subscriptions) && (subscribers === undefined || isNamed(subscribers));
}

function isDelivered({ id, own, subscribers }: Record<string, unknown>): boolean {
  const hasEnds =
    Array.isArray(subscribers) &&
    subscribers.length <= HOST_LIMITS.subscribers &&
    subscribers.every(isSubscriberEnd);
  return isId(id) && (own === undefined || own === true) && (subscribers === undefined || hasEnds);
}

function isSubscriberEnd(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, attempts, error } = value;
  const hasError = typeof error === 'string' && error.length <= HOST_LIMITS.subscriberError;
  return isName(name) && isId(attempts) && (error === null || hasError);
}

function isNames(value: unknown, limit: number): boolean {
  return Array.isArray(value) && value.length <= limit && value.every(isName);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= HOST_LIMITS.eventName;
}

function isMessageData(value: unknown): boolean {
  return typeof value === 'string' && value.length <= HOST_LIMITS.messageData;
}

function isHostResult(value: unknown): value is HostResult {
  if (!isRecord(value)) return false;
  switch (value.kind) {
    case 'returned':
      return (
        typeof value.json === 'string' &&
        value.json.length <= HOST_LIMITS.resultBytes &&
        (value.differs === undefined || isDifferences(value.differs))
      );
    case 'invalid':
      return (
        isText(value.reason) &&
        (value.typeName === undefined || isText(value.typeName)) &&
        (value.json == null || isText(value.json))
      );
    case 'cancelled':
      return true;
    case 'threw':
      return isText(value.message) && isText(value.stack);
    default:
      return false;
  }
}

function isDifferences(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= RESULT_DIFFERENCES.length &&
    value.every((one) => RESULT_DIFFERENCES.some((known) => known === one))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= HOST_LIMITS.textLength;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isPort(value: unknown): boolean {
  return isId(value) && value > 0 && value < 65_536;
}
