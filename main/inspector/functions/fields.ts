import { z } from 'zod';
import type { Json, JsonObject } from '../../contract/http.ts';
import { PERSONAS } from '../../contract/run.ts';
import { OUTCOMES } from '../../contract/trace.ts';

/** Parts that the arguments of several Inspector functions are made of. */

/**
 * Longest body the Run screen may send, in characters: well past the default limit, so that a 413 can be
 * seen.
 */
const MAX_BODY_CHARS = 6_000_000;
/** Longest token text; past the 8 KiB rule, so that the rule itself can be seen refusing one. */
const MAX_TOKEN_CHARS = 64_000;

export const name = z.string().min(1).max(300);
export const id = z.string().min(1).max(100);
/** An opened file of traces. */
export const file = z.string().min(1).max(32);
export const traceFilter = {
  plugin: name.exactOptional(),
  outcome: z.enum(OUTCOMES).exactOptional(),
  text: z.string().max(1_000).exactOptional(),
};
export const bodyText = z.string().max(MAX_BODY_CHARS);
export const token = z.string().max(MAX_TOKEN_CHARS);
export const persona = z.enum(PERSONAS);
const subscribed = z.string().min(1).max(100);
export const subscription = z.strictObject({
  plan: subscribed.exactOptional(),
  tiers: z.record(subscribed, subscribed),
});
const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);
