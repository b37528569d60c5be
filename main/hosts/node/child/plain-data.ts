import type { Json, JsonObject } from '../../../contract/http.ts';

/**
 * Removes own keys named `__proto__` at every depth, in place: JSON.parse makes them plain data, but the
 * first `Object.assign` or spread-with-merge of a plugin would turn them into a prototype (CONTRACT.md §4).
 * Walks with a list of its own, since the depth is the sender's choice.
 */
export function dropProtoKeys(data: JsonObject): JsonObject {
  const open: Json[] = [data];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next) && Object.hasOwn(next, '__proto__')) Reflect.deleteProperty(next, '__proto__');
    for (const child of Object.values(next)) {
      if (typeof child === 'object' && child !== null) open.push(child);
    }
  }
  return data;
}
