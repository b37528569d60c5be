import type { ReloadStats } from '../../../main/contract/plugin-view.ts';
import { formatDuration, plural } from '../text/format.ts';

/** "12 reloads, 1 failed · p50 24.1 ms · p95 40.0 ms · slowest 61.3 ms"; null before the first. */
export function describeReloads({ count, failed, p50Ms, p95Ms, maxMs }: ReloadStats): string | null {
  if (count + failed === 0) return null;
  const many = `${plural(count, 'reload')}${failed > 0 ? `, ${failed} failed` : ''}`;
  if (p50Ms === null) return many;
  return `${many} · p50 ${formatDuration(p50Ms)} · p95 ${formatDuration(p95Ms)} · slowest ${formatDuration(maxMs)}`;
}
