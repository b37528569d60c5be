import { errorMessage } from '../../system/errors.ts';
import type { Log } from '../../system/log.ts';
import type { Catalog } from './catalog.ts';
import type { CollectionIndex } from './collection-index.ts';
import { visitLeaves } from './paths.ts';
import type { StoredDocument } from './stored-document.ts';
import type { Value } from './values.ts';

/** Once a minute in MongoDB; here a developer watches. */
const INTERVAL_MS = 1000;

/** Deletes what TTL indexes say has expired, in the background. @returns `stop` */
export function startExpiry(catalog: Catalog, log: Log): () => void {
  const timer = setInterval(() => {
    try {
      deleteExpired(catalog, Date.now());
    } catch (error) {
      log.warn('Could not delete expired documents', { reason: errorMessage(error) });
    }
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function deleteExpired(catalog: Catalog, now: number): void {
  for (const collection of catalog.all()) {
    for (const index of collection.indexes) {
      const { expireAfterSeconds } = index.options;
      if (expireAfterSeconds === undefined) continue;
      for (const stored of expiredIn(index, now - expireAfterSeconds * 1000)) collection.remove(stored);
    }
  }
}

/** By the first of its dates; what is no date never expires. */
function expiredIn(index: CollectionIndex, limit: number): StoredDocument[] {
  const low: Value = new Date(-8.64e15);
  const bounds = {
    prefix: [],
    low: { value: low, isInclusive: true },
    high: { value: new Date(limit), isInclusive: true },
  };
  const [path = []] = index.paths;
  return [...index.find([bounds])].filter(({ document }) =>
    visitLeaves(document, path, (value) => value instanceof Date && value.getTime() <= limit),
  );
}
