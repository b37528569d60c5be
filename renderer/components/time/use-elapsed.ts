import { useEffect, useState } from 'react';

/** Often enough to look continuous, rarely enough to stay calm. */
const TICK_MS = 100;

/** Milliseconds since `startedAt` (epoch), kept up to date. */
export function useElapsed(startedAt: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, now - startedAt);
}
