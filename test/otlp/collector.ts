import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import generated from '@opentelemetry/otlp-transformer/build/src/generated/root.js';
import { expect } from 'vitest';
import { serve } from '../support/http-server.ts';

/** A span as the collector understood it. */
interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

export interface Collector {
  readonly url: string;
  readonly requests: readonly {
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
    readonly at: number;
  }[];
  /** Of all requests that were taken. */
  readonly spans: readonly ReceivedSpan[];
  readonly resource: Readonly<Record<string, unknown>>;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * An OpenTelemetry collector of the test's own: it decodes each request with the code that OpenTelemetry generates
 * from the protocol's definitions. `reply` may refuse a request, by its number from 0; undefined takes it.
 */
export async function startCollector(
  reply: (index: number) => Reply | undefined | Promise<Reply | undefined> = () => undefined,
): Promise<Collector> {
  const requests: Collector['requests'][number][] = [];
  const spans: ReceivedSpan[] = [];
  const resource: Record<string, unknown> = {};
  const receive = async (request: IncomingMessage): Promise<Reply> => {
    const body = await text(request);
    requests.push({ path: request.url ?? '', headers: request.headers, body, at: Date.now() });
    const refused = await reply(requests.length - 1);
    if (refused !== undefined && refused.status !== 200) return refused;
    for (const { resource: of, scopeSpans } of decode(body).resourceSpans) {
      Object.assign(resource, toRecord(of.attributes));
      for (const scope of scopeSpans) spans.push(...scope.spans.map(toSpan));
    }
    return refused ?? { status: 200, body: '{"partialSuccess":{}}' };
  };
  const url = await serve((request, response) => {
    receive(request).then(
      ({ status, headers = {}, body = '' }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.writeHead(400).end(JSON.stringify({ message: String(error) })),
    );
  });
  return { url, requests, spans, resource };
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface DecodedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly Attribute[] }[];
  readonly status: ReceivedSpan['status'];
}

interface Decoded {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly DecodedSpan[] }[];
  }[];
}

const IDS = ['traceId', 'spanId', 'parentSpanId'];

/** Through the protocol's binary form and back: what it doesn't know, or holds otherwise, is then missed. */
function decode(body: string): Decoded {
  const sent: unknown = JSON.parse(body, (key, value) => {
    if (IDS.includes(key)) expect(value).toMatch(key === 'traceId' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{16}$/);
    return value;
  });
  const type = generated.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
  const message = type.fromObject(
    JSON.parse(body, (key, value) => (IDS.includes(key) ? Buffer.from(value, 'hex') : value)),
  );
  const bytes = type.encode(message).finish();
  const plain = type.toObject(type.decode(bytes), { longs: String, bytes: String, enums: Number });
  const decoded: unknown = JSON.parse(JSON.stringify(plain), (key, value) =>
    IDS.includes(key) ? Buffer.from(value, 'base64').toString('hex') : value,
  );
  expect(decoded).toEqual(withoutEmptyLists(sent));
  return decoded as Decoded;
}

/** The binary form has no empty lists. */
function withoutEmptyLists(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner) =>
    Array.isArray(inner) && inner.length === 0 ? undefined : inner,
  );
}

function toSpan({ attributes = [], events = [], ...span }: DecodedSpan): ReceivedSpan {
  const { startTimeUnixNano, endTimeUnixNano, ...rest } = span;
  return {
    ...rest,
    start: BigInt(startTimeUnixNano),
    end: BigInt(endTimeUnixNano),
    attributes: toRecord(attributes),
    events: events.map((event) => ({ name: event.name, attributes: toRecord(event.attributes ?? []) })),
  };
}

function toRecord(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
