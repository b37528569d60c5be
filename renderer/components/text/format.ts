import { splitHidden } from './hidden-characters.ts';

/** Values as text, the same everywhere. Pure. */

const NO_VALUE = '–';

/** Milliseconds with three significant digits and their unit: 3.12 ms, 1.04 s, 2 min 5 s. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NO_VALUE;
  if (ms < 0.005) return '0 ms';
  if (ms < 999.5) return `${threeDigits(ms)} ms`;
  if (ms < 59_950) return `${threeDigits(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  return twoUnits(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
}

function threeDigits(value: number): string {
  // Rounded first: 9.999 is 10.0, not 10.00.
  const rounded = Number(value.toPrecision(3));
  const whole = Math.max(1, Math.floor(Math.log10(rounded)) + 1);
  return rounded.toFixed(Math.max(0, 3 - whole));
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A time limit: 30 s, 500 ms; without digits that were not set. */
export function formatLimit(ms: number): string {
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`;
  return `${Number((ms / 1000).toPrecision(4))} s`;
}

/** Local time of day: 12:04:31.120. */
export function formatTime(at: number): string {
  return `${formatClock(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}

/** Local time of day without milliseconds: 12:04:31. */
export function formatClock(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** Creating one takes far longer than using it. */
const FULL_DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** Local date and time with the offset, for tooltips. */
export function formatDate(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? NO_VALUE : FULL_DATE.format(date);
}

/** An age in one unit: 12 s, 4 min, 3 h, 2 d. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** 1,204 */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** 1 plugin, 2 plugins */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** 412 B, 1.20 kB, 3.41 MB */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${threeDigits(bytes / 1000)} kB`;
  return `${threeDigits(bytes / 1_000_000)} MB`;
}

/** Shortened in the middle: 4bf9…4736. Ids of at most `edge * 2 + 2` characters are unchanged. */
export function shortenId(id: string, edge = 4): string {
  return id.length <= edge * 2 + 2 ? id : `${id.slice(0, edge)}…${id.slice(-edge)}`;
}

/** `/home/ada/plugins` → `~/plugins`; other paths are unchanged. */
export function shortenPath(path: string, homePath: string): string {
  const isBelow = homePath !== '' && path.startsWith(homePath) && /^[/\\]/.test(path.slice(homePath.length));
  return isBelow ? `~${path.slice(homePath.length)}` : path;
}

/**
 * The text with every hidden character written out: U+202E → ⟨U+202E⟩. Where there is room for marks,
 * `ForeignText` shows them.
 */
export function showControls(text: string): string {
  return splitHidden(text)
    .map(({ shown }) => shown)
    .join('');
}
