/**
 * The times of a reload, from a save to the version that serves (main/README.md §3). In ms unless the name
 * says else.
 */

/** Events this close together are one change. */
export const QUIET_MS = 10;
/** A change is passed on after this even when events keep coming. */
export const LONGEST_CHANGE_MS = 100;
/** How often the watched folder itself is checked: no event reports that it came back. */
export const ROOT_POLL_MS = 400;
/** A folder that vanished is watched again this long after the last one did. */
export const REWATCH_MS = 150;
/** How often files are compared where no events come. */
export const POLL_INTERVAL_MS = 200;

/** A file caught half-written is an error only once it has stayed broken this long. */
export const BROKEN_MS = 100;
/** Changes too fast to be reloaded one by one are taken together: after a pause this long… */
export const PAUSE_MS = 100;
/** …but at the latest after this. */
export const LONGEST_PAUSE_MS = 500;
/**
 * The watcher drops a second event for a file within 50 ms of the first, so every change is checked once
 * more; when nothing differs that costs one compilation.
 */
export const RECHECK_MS = 80;
/** A load that is still running this long after a newer change came gives way to it. */
export const IMPATIENCE_MS = 500;

/** Reloads that may follow each other without a pause… */
export const BURST_RELOADS = 4;
/** …and how many of them come back per second. */
export const RELOADS_PER_SECOND = 2;
