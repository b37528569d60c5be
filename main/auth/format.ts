import type { Json } from '../contract/http.ts';

/** How values of a token read in a sentence. Pure. */

/** A claim's value in a sentence: short, and never mistaken for the sentence. */
export function show(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'not a finite number';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** Seconds for people: "45 s", "58 min", "3 h", "12 days". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** A moment in seconds since the Unix epoch: "2027-01-15 08:00:00 UTC". */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  // Whole seconds reach further than dates do.
  if (Number.isNaN(date.getTime())) return `${seconds} s after 1970`;
  return `${date.toISOString().replace('T', ' ').slice(0, -5)} UTC`;
}
