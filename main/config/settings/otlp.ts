import { passwordsIn } from '../../system/addresses.ts';
import type { Reader, Variable } from '../reader.ts';
import type { OtlpSettings } from '../types.ts';
import { path } from '../values.ts';

/**
 * Where executions are sent as OpenTelemetry spans: the variables of its specification, as far as they concern
 * OTLP over HTTP. They may be meant for other programs, so a value that can't be used is a notice and never the end
 * of a start. A `.env` sets none of them: it would send what callers wrote to whoever wrote the file
 * (SECURITY.md §6).
 */
const variable = (
  name: string,
  description: string,
  fallbackText: string | null = null,
): Variable<string> => ({
  name,
  description,
  parse: path,
  fallback: '',
  fallbackText,
  processOnly: true,
});

const ENDPOINT = variable(
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'The OpenTelemetry collector that executions are sent to, as JSON over HTTP; /v1/traces is appended.',
  'none: executions are sent nowhere',
);
const TRACES_ENDPOINT = variable(
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'The whole address for traces; it wins over OTEL_EXPORTER_OTLP_ENDPOINT.',
);
const PROTOCOL = variable('OTEL_EXPORTER_OTLP_PROTOCOL', 'Only http/json is spoken.');
const SERVICE_NAME = variable('OTEL_SERVICE_NAME', 'What the spans give as service.name.');

const HEADER_NAMES = ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS'] as const;
const TIMEOUT_NAMES = ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'] as const;

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 600_000;
const DEFAULT_SERVICE_NAME = 'mozaiks-workbench';

/** Null where nothing is to be sent. */
export function resolveOtlp(reader: Reader): OtlpSettings | null {
  const base = reader.read(ENDPOINT);
  const own = reader.read(TRACES_ENDPOINT);
  if (base === '' && own === '') return null;
  const url = own === '' ? tracesUrl(base) : httpUrl(own);
  if (url === null) {
    const name = own === '' ? ENDPOINT.name : TRACES_ENDPOINT.name;
    reader.notice(`${reader.originOf(name)} has no effect: it is not an http or https address.`);
    return null;
  }
  const protocol = reader.read(PROTOCOL);
  if (protocol !== '' && protocol !== 'http/json') {
    reader.notice(`${reader.originOf(PROTOCOL.name)}: executions are sent as http/json all the same.`);
  }
  const headers = HEADER_NAMES.map((name) =>
    reader.read<string>({ ...variable(name, 'Headers of these requests: name=value,…'), secret: true }),
  );
  return {
    url: url.href,
    headers: parseHeaders(headers.find((text) => text !== '') ?? '', reader),
    timeoutMs: readTimeout(reader),
    serviceName: reader.read(SERVICE_NAME) || DEFAULT_SERVICE_NAME,
  };
}

/** Of what goes with the requests, the parts that nobody else may read. */
export function otlpSecrets(otlp: OtlpSettings | null): readonly string[] {
  if (otlp === null) return [];
  const values = Object.values(otlp.headers).flatMap((value) => [value, value.replace(/^\S+\s+/, '')]);
  return [...values, ...passwordsIn(otlp.url)].filter((value) => value.length >= 8);
}

function httpUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}

/** As the specification builds an address for each signal. */
function tracesUrl(base: string): URL | null {
  const url = httpUrl(base);
  if (url !== null) url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/traces`;
  return url;
}

function readTimeout(reader: Reader): number {
  for (const name of TIMEOUT_NAMES) {
    const text = reader.read(variable(name, 'How long one of these requests may take, in milliseconds.'));
    if (text === '') continue;
    const timeoutMs = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS) return timeoutMs;
    reader.notice(
      `${reader.originOf(name)} has no effect: give milliseconds, 1 to ${MAX_TIMEOUT_MS}. ${DEFAULT_TIMEOUT_MS} apply.`,
    );
  }
  return DEFAULT_TIMEOUT_MS;
}

/** What HTTP allows as a name, and in a value. */
const HEADER = /^([!#$%&'*+.^_`|~\w-]+)\s*=\s*([\t\x20-\x7e\x80-\xff]*)$/;

/** Pairs as in W3C baggage: percent-encoded values, separated by commas. */
function parseHeaders(text: string, reader: Reader): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  let hasInvalid = false;
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [, name, value] = HEADER.exec(decoded(entry)) ?? [];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value.trim();
    else if (entry !== '') hasInvalid = true;
  }
  if (hasInvalid) reader.notice('A header for the OpenTelemetry collector was left out: give name=value.');
  return headers;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
