import { expect, it } from 'vitest';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

it('asks the runtime, and announces a refusal', async () => {
  const { stores, ...stub } = stubStores({
    installDriver: () => null,
    removeDriver: () => {
      throw new Refusal('CONFLICT', 'The workbench has not installed motor');
    },
  });
  const heard: string[] = [];
  stores.announcements.onAnnouncement(({ title, text }) => heard.push(`${title}: ${text}`));
  await stores.downloads.installDriver();
  await stores.downloads.removeDriver();
  expect(stub.calls.map(({ name }) => name)).toEqual(['installDriver', 'removeDriver']);
  expect(heard).toEqual(['motor not removed: The workbench has not installed motor']);
});
