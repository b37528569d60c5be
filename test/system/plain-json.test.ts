import { expect, it } from 'vitest';
import type { Json } from '../../main/contract/http.ts';
import { dropProtoKeys } from '../../main/system/plain-json.ts';

it('drops __proto__ at every level, in lists too, and nothing else', () => {
  const data = JSON.parse(
    '{"__proto__":{"x":1},"list":[{"__proto__":{"x":1},"y":2}],"constructor":{"z":null}}',
  );
  expect(JSON.stringify(dropProtoKeys(data))).toBe('{"list":[{"y":2}],"constructor":{"z":null}}');
});

it('survives any depth', () => {
  const deep = JSON.parse(`${'[{"a":'.repeat(2_000)}{"__proto__":1}${'}]'.repeat(2_000)}`);
  expect(JSON.stringify(dropProtoKeys(deep))).not.toContain('__proto__');
  let open: Json[] = [];
  const bottom = open;
  for (let depth = 0; depth < 100_000; depth += 1) open = [open];
  bottom.push(JSON.parse('{"__proto__":1}'));
  dropProtoKeys(open);
  expect(bottom).toEqual([{}]);
});
