/** `npm run serve`: headless on purpose. Arguments go to the product as they are. */
import { join } from 'node:path';
import { projectRoot } from './project.mjs';
import { supervise } from './supervise.mjs';

const cli = join(projectRoot, 'out/main/cli.cjs');
const { code } = await supervise(process.execPath, [cli, 'serve', ...process.argv.slice(2)]);
process.exitCode = code;
