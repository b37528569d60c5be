import type { Json, JsonObject } from '../contract/http.ts';

/**
 * Removes own keys named `__proto__` at every depth, in place: JSON.parse makes them plain data, but the
 * first `Object.assign` or merge that copies them would set a prototype (CONTRACT.md §2, §4). Keeps its own
 * list of what is left to visit, since the sender chooses the depth.
 */
export function dropProtoKeys<T extends JsonObject | Json[]>(data: T): T {
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
