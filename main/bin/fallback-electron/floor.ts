/**
 * What the build must run on: the Node and the Chromium of the fallback Electron, the oldest one that this
 * project supports.
 */
export const NODE_TARGET = 'node18';
export const CHROME_TARGET = 'chrome114';

/** Set by the start script when it fell back to the old copy: a sentence for the user, never a setting. */
export const NOTICE_VARIABLE = 'MOZAIKS_WORKBENCH_ELECTRON_NOTICE';
