import { runAsProcess } from './cli/process-context.ts';

/** The headless shell by itself: `mozaiks-workbench serve` with these arguments. */

runAsProcess(['serve'], import.meta.url);
