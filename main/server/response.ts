import type { Json } from '../contract/http.ts';
import type { ServerContext } from './state.ts';

/** Answers with JSON made of plain data only; the trace records what is sent here. */
export function sendJson(
  ctx: ServerContext,
  status: number,
  value: object,
  text = JSON.stringify(value),
): void {
  ctx.status = status;
  ctx.type = 'json';
  ctx.body = text;
  ctx.state.answer = { kind: 'json', value: value as Json, text };
}
