/**
 * What witnesses check at the end of each test and of each file. Their modules are loaded once a process,
 * which runs many files, so they can't use hooks of their own: `test-endings.setup.ts` calls these in every
 * file.
 */

type Ending = () => Promise<void>;

const endings: Ending[] = [];

/** Runs `ending` before each test ends, from now on; what it throws fails the test. */
export function beforeEachEnds(ending: Ending): void {
  endings.push(ending);
}

export async function runEndings(): Promise<void> {
  for (const ending of endings) await ending();
}
