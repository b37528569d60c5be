import { expect, it } from 'vitest';
import type { HostPool } from '../../../main/hosts/pool.ts';
import { ServingVersion, type Version } from '../../../main/plugins/version/serving.ts';

const nothing = () => undefined;

const version: Version = {
  hash: 'aaaa',
  bundle: { kind: 'node', file: '/bundles/first', entry: '/bundles/first' },
  inputs: new Set(),
  folder: '/plugins/p',
};

/** Its processes fail to load; `onOpen` is what happens meanwhile. */
function servingOver(onOpen: (serving: ServingVersion, file: string) => void) {
  const opened: string[] = [];
  const pool = {
    stopped: false,
    touch: nothing,
    release: nothing,
    open: async (_owner: string, { file }: Version['bundle']) => {
      opened.push(file);
      onOpen(serving, file);
      return { ok: false, message: 'it does not load', stack: null, place: null };
    },
  };
  const serving = new ServingVersion('p', pool as unknown as HostPool, {
    onChange: nothing,
    onProcess: nothing,
    onSources: nothing,
    restore: async () => true,
    onCrash: nothing,
    onLine: nothing,
    onLoadFailed: nothing,
  });
  serving.park(version);
  return { serving, opened };
}

it('opens anew when its file is stored elsewhere while a process loads it', async () => {
  const { serving, opened } = servingOver((it, file) => {
    if (file === '/bundles/first') it.setBundleFile(version, '/bundles/second');
  });
  expect(await serving.acquire()).toMatchObject({ ok: false, message: 'it does not load' });
  expect(opened).toEqual(['/bundles/first', '/bundles/second']);
});

it('says that nothing is loaded when the version goes while a process loads it', async () => {
  const { serving } = servingOver((it) => it.unload());
  expect(await serving.acquire()).toEqual({
    ok: false,
    message: 'no version of it is loaded',
    stopping: false,
  });
});
