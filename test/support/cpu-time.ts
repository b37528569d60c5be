/**
 * Milliseconds that this process computes during `work`, whatever else the machine is busy with: for what must take linear time, and
 * would take minutes if it didn't.
 */
export function cpuTimeMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
