import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './folders.ts';

/** What the type checker says about one file under an author's ordinary strict settings; '' when nothing. */
export function typeErrors(file: string, moduleResolution: string): Promise<string> {
  const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext';
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const args = ['--noEmit', '--strict', '--target', 'es2022', '--module', module];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [tsc, ...args, '--moduleResolution', moduleResolution, file],
      { cwd: join(file, '..') },
      (_error, stdout, stderr) => resolve(stdout + stderr),
    );
  });
}
