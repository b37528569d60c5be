/** `npm run serve`: headless on purpose. Arguments go to the product as they are. */
import { join } from 'node:path';
import { projectRoot } from './project.mjs';
import { supervise } from './supervise.mjs';

const serve = join(projectRoot, 'out/main/serve.cjs');
const { code } = await supervise(process.execPath, [serve, ...process.argv.slice(2)]);
process.exitCode = code;
