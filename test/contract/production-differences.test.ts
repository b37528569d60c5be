import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { PRODUCTION_DIFFERENCES } from '../../main/contract/production-differences.ts';

it('CONTRACT.md §7 and the Contract screen list the same differences', async () => {
  const text = await readFile(new URL('../../main/contract/CONTRACT.md', import.meta.url), 'utf8');
  const section = text.slice(text.indexOf('\n## 7. '), text.indexOf('\n## 8. '));
  const rows = [...section.matchAll(/^\| (.*) \| (.*) \|$/gm)].map(([, here, there]) => ({ here, there }));
  expect(rows.slice(1)).toEqual(PRODUCTION_DIFFERENCES);
  expect(rows.length).toBeGreaterThan(15);
});
