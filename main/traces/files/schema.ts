import { z } from 'zod';
import { FINDING_RULES } from '../../contract/finding.ts';
import { EVENT_KINDS, HOST_LIMITS } from '../../contract/host.ts';
import type { Json, JsonObject } from '../../contract/http.ts';
import { OUTCOMES, STEPS, type Trace } from '../../contract/trace.ts';
import { TRACE_FILE } from '../../contract/trace-file.ts';

/**
 * What a file of traces must look like (its format, version 1). Unknown keys are dropped, so that a newer
 * workbench may add some. JSON that plugins and clients made is taken as it is: its depth and secrets are the
 * redactor's business.
 */

const json = z.custom<Json>((value) => value !== undefined, 'must be JSON');
const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);
const ms = z.number().min(0);
const headers = z.record(z.string(), z.string());

const body = z.object({
  json: json.exactOptional(),
  text: z.string().exactOptional(),
  bytes: z.int().min(0),
  truncated: z.boolean(),
});

const provenance = z.object({
  field: z.string(),
  value: json,
  present: z.boolean(),
  source: z.enum(['claim', 'setting', 'header', 'default', 'identity', 'file', 'document']),
  name: z.string(),
  claims: z.array(z.string()).exactOptional(),
  label: z.string(),
  rule: z.string(),
});

const token = z.object({
  header: jsonObject.nullable(),
  claims: jsonObject.nullable(),
  steps: z.array(
    z.object({
      check: z.string(),
      verdict: z.enum(['passed', 'failed', 'skipped']),
      detail: z.string(),
      remedy: z.object({ text: z.string(), setting: z.string().nullable() }).exactOptional(),
      reached: z.literal(false).exactOptional(),
    }),
  ),
  verified: z.boolean(),
});

const identity = z.object({
  kind: z.enum(['anonymous', 'token']),
  userId: z.string(),
  username: z.string().nullable(),
  roles: z.array(z.string()),
  isSuperadmin: z.boolean(),
});

const childTimes = { startMs: ms, durationMs: ms, error: z.string().nullable() };
const bytes = z.number().min(0).nullable();
const child = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('database'),
    ...childTimes,
    command: z.string(),
    database: z.string(),
    collection: z.string().nullable(),
    filter: z.string().nullable(),
    documents: z.number().min(0).nullable(),
  }),
  z.object({
    kind: z.literal('http'),
    ...childTimes,
    method: z.string(),
    url: z.string(),
    status: z.int().min(100).max(999).nullable(),
    requestBytes: bytes,
    responseBytes: bytes,
    carriesUserJwt: z.boolean(),
    requestBody: z.string().exactOptional(),
    responseBody: z.string().exactOptional(),
  }),
]);

const finding = z.object({
  rule: z.enum(FINDING_RULES),
  text: z.string(),
  collection: z.string().nullable(),
  child: z.int().min(0).exactOptional(),
});

const summary = {
  id: z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hex digits'),
  seq: z.int().min(0),
  startedAt: z.number().min(0).max(8.64e15, 'must be a moment in ms since 1970'),
  durationMs: ms,
  plugin: z.string(),
  outcome: z.enum(OUTCOMES),
  status: z.int().min(100).max(999).nullable(),
  errorCode: z.string().nullable(),
  user: z.string().nullable(),
  spoofed: z.boolean(),
};

export const traceSchema: z.ZodType<Trace> = z.object({
  ...summary,
  traceId: z.string().max(64),
  timeoutMs: ms,
  spans: z.array(
    z.object({
      step: z.enum(STEPS),
      startMs: ms,
      durationMs: ms,
      ok: z.boolean(),
      note: z.string().exactOptional(),
    }),
  ),
  request: z.object({ method: z.string(), path: z.string(), headers, body: body.nullable() }),
  response: z.object({ status: z.int().min(100).max(999), headers, body: body.nullable() }).nullable(),
  identity: identity.nullable(),
  token: token.nullable(),
  exactNumbers: z.literal(true).exactOptional(),
  received: jsonObject.nullable(),
  provenance: z.array(provenance),
  spoofs: z.array(z.object({ key: z.string(), sent: json, action: z.enum(['replaced', 'removed']) })),
  console: z.array(
    z.object({ atMs: ms, level: z.enum(['debug', 'log', 'info', 'warn', 'error']), text: z.string() }),
  ),
  events: z.array(
    z.object({
      atMs: ms,
      kind: z.enum(EVENT_KINDS),
      name: z.string(),
      detail: z.string(),
      source: z.string(),
    }),
  ),
  children: z.array(child).max(HOST_LIMITS.children).exactOptional(),
  droppedChildren: z.int().min(0).exactOptional(),
  findings: z.array(finding).exactOptional(),
  error: z.object({ code: z.string(), message: z.string(), stack: z.string().exactOptional() }).nullable(),
  inProduction: z.array(z.string()).exactOptional(),
  pluginVersion: z.string().nullable(),
  pid: z.int().nullable(),
});

/** The file around the traces; they are checked one by one. */
export const envelopeSchema = z.object({
  format: z.literal(TRACE_FILE.format),
  version: z.int(),
  exportedAt: z.string().max(40).exactOptional(),
  traces: z.array(z.unknown()),
});
