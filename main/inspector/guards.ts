import { z } from 'zod';
import { WorkbenchError } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/http.ts';
import { type ArgumentOf, type InspectorName, PERSONAS } from '../contract/inspector.ts';
import { OUTCOMES } from '../contract/trace.ts';

/**
 * Arguments reach the Inspector as `unknown`, from a window or over HTTP. Every function's argument is checked here, by
 * shape and by size, before its handler sees it.
 */

/** Longest body the Run screen may send, in characters: well past the default limit, so that a 413 can be seen. */
const MAX_BODY_CHARS = 6_000_000;
/** Longest token text; past the 8 KiB rule, so that the rule itself can be seen refusing one. */
const MAX_TOKEN_CHARS = 64_000;

const name = z.string().min(1).max(300);
const id = z.string().min(1).max(100);
const token = z.string().max(MAX_TOKEN_CHARS);
const persona = z.enum(PERSONAS);
const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

const ARGUMENTS: { readonly [N in InspectorName]: z.ZodType<ArgumentOf<N>> } = {
  snapshot: z.null(),
  settings: z.null(),
  reloadPlugin: z.strictObject({ name }),
  restartPlugin: z.strictObject({ name }),
  setPluginEnabled: z.strictObject({ name, enabled: z.boolean() }),
  createPlugin: z.strictObject({
    // What is wrong with a name is better said by the part that knows the rule.
    name: z.string().max(300),
    language: z.enum(['typescript', 'javascript', 'python']),
  }),
  debugPlugin: z.strictObject({ name, on: z.boolean() }),
  openPluginFolder: z.strictObject({ name: name.nullable() }),
  run: z.strictObject({
    runId: id,
    plugin: name,
    body: z.string().max(MAX_BODY_CHARS),
    persona,
    token: token.exactOptional(),
  }),
  cancelRun: z.strictObject({ runId: id }),
  runAsCurl: z.strictObject({
    plugin: name,
    body: z.string().max(MAX_BODY_CHARS),
    persona,
    token: token.exactOptional(),
    revealToken: z.boolean(),
  }),
  traces: z.strictObject({
    limit: z.int().min(1).max(10_000),
    before: z.int().min(0).exactOptional(),
    plugin: name.exactOptional(),
    outcome: z.enum(OUTCOMES).exactOptional(),
    text: z.string().max(1_000).exactOptional(),
  }),
  trace: z.strictObject({ id }),
  clearTraces: z.null(),
  replay: z.strictObject({ id, persona, token: token.exactOptional(), runId: id }),
  checkContract: z.null(),
  personas: z.null(),
  mintToken: z.strictObject({ claims: jsonObject }),
  inspectToken: z.strictObject({ token }),
  openLink: z.strictObject({ url: z.string().max(2_000) }),
};

export function isInspectorName(value: unknown): value is InspectorName {
  return typeof value === 'string' && Object.hasOwn(ARGUMENTS, value);
}

/** The argument as its function's type. Throws BAD_REQUEST that names the function, the place and what is wrong there. */
export function parseArgument<N extends InspectorName>(functionName: N, argument: unknown): ArgumentOf<N> {
  const parsed = ARGUMENTS[functionName].safeParse(argument ?? null);
  if (parsed.success) return parsed.data as ArgumentOf<N>;
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'its argument' : issue.path.join('.');
  throw new WorkbenchError(
    'BAD_REQUEST',
    `Inspector function '${functionName}' refused ${place}: ${issue?.message ?? 'invalid'}`,
  );
}
