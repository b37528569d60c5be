import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInside } from '../../main/system/paths.ts';

const folder = join('/', 'srv', 'plugins');

describe('isInside', () => {
  it.each([[folder], [join(folder, 'hello')], [join(folder, 'a', 'b.ts')], [join(folder, '..strange')]])(
    'holds for %s',
    (path) => expect(isInside(folder, path)).toBe(true),
  );

  it.each([
    [join('/', 'srv')],
    [`${folder}-two`],
    [join(folder, '..', 'other')],
    [join('/', 'etc', 'passwd')],
  ])('does not hold for %s', (path) => expect(isInside(folder, path)).toBe(false));
});
