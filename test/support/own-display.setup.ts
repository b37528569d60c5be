/**
 * Windows that share a display take the focus from one another, so each worker's have one of their own
 * (test/runner/environment.mjs).
 */
const displays = process.env.WORKBENCH_DISPLAYS?.split(' ') ?? [];
const own = displays[Number(process.env.VITEST_POOL_ID) - 1];
if (own !== undefined) process.env.DISPLAY = own;
