import { describe, expect, it } from 'vitest';
import { droppedFilePath } from '../../main/bin/fallback-electron/dropped-file.ts';

describe('droppedFilePath', () => {
  it('asks webUtils where there is one', () => {
    const webUtils = { getPathForFile: () => '/home/ada/plugins' };
    expect(droppedFilePath({ path: '/elsewhere' }, { webUtils })).toBe('/home/ada/plugins');
  });

  it('takes the path off the file in an older Electron', () => {
    expect(droppedFilePath({ path: '/home/ada/plugins' }, {})).toBe('/home/ada/plugins');
  });

  it('is empty for what has no path', () => {
    expect(droppedFilePath({}, {})).toBe('');
  });
});
