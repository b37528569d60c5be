/**
 * What OTLP/HTTP sends for traces, as far as it is used here: the JSON form of the protocol's
 * `ExportTraceServiceRequest`, with ids in hex and 64-bit numbers as text
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 */
export interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent for a span without a parent. */
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events: readonly OtlpEvent[];
  readonly droppedEventsCount?: number | undefined;
  readonly status: { readonly code?: number | undefined; readonly message?: string | undefined };
}

export interface OtlpEvent {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes: readonly OtlpAttribute[];
}

export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly arrayValue: { readonly values: readonly OtlpValue[] } };

/** `Span.SpanKind`. */
export const SPAN_KIND = { internal: 1, server: 2, client: 3 } as const;
type SpanKind = (typeof SPAN_KIND)[keyof typeof SPAN_KIND];

/** `Status.StatusCode` of a failed span; others leave it unset. */
export const STATUS_ERROR = 2;

type Attribute = string | boolean | number | readonly string[] | null | undefined;

/** Numbers are whole here; null and undefined have no attribute. */
export function toAttributes(values: Readonly<Record<string, Attribute>>): readonly OtlpAttribute[] {
  const attributes: OtlpAttribute[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (value !== null && value !== undefined) attributes.push({ key, value: toValue(value) });
  }
  return attributes;
}

function toValue(value: string | boolean | number | readonly string[]): OtlpValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { intValue: String(Math.round(value)) };
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}

/** A time since the epoch in nanoseconds, which are more than a number holds; both arguments are milliseconds. */
export function toUnixNano(startedAt: number, sinceMs: number): string {
  const whole = Math.floor(startedAt + sinceMs);
  const nanos = Math.floor((startedAt - whole + sinceMs) * 1e6);
  return `${whole}${String(Math.min(Math.max(nanos, 0), 999_999)).padStart(6, '0')}`;
}
