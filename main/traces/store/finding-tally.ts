import type { FindingCount } from '../../contract/finding.ts';
import type { Trace } from '../../contract/trace.ts';

/** A plugin that makes up names of collections does not fill the memory. */
const MAX_COUNTS = 100;

/** How many calls of one plugin had which findings. A new version of its code starts anew. */
export interface FindingTally {
  add(trace: Trace): void;
  /** In the order in which each was first found. */
  all(): readonly FindingCount[];
  clear(): void;
}

export function createFindingTally(): FindingTally {
  const counts = new Map<string, FindingCount>();
  let version: string | null = null;
  let since = 0;
  return {
    add({ id, pluginVersion, startedAt, findings = [] }) {
      if (pluginVersion === null) return;
      if (pluginVersion !== version) {
        // A call that began on an earlier version, and ends after one of the new.
        if (startedAt < since) return;
        version = pluginVersion;
        since = startedAt;
        counts.clear();
      }
      const found = new Map(findings.map((finding) => [keyOf(finding), finding]));
      for (const [key, { rule, collection }] of found) {
        const calls = (counts.get(key)?.calls ?? 0) + 1;
        if (calls === 1 && counts.size >= MAX_COUNTS) continue;
        counts.set(key, { rule, collection, calls, latestTrace: id });
      }
    },
    all: () => [...counts.values()],
    clear: () => counts.clear(),
  };
}

function keyOf({ rule, collection }: Pick<FindingCount, 'rule' | 'collection'>): string {
  return JSON.stringify([rule, collection]);
}
