import type { MongodbFunctions } from '../../../main/contract/mongodb.ts';
import type { DriverFunctions } from '../../../main/contract/python-driver.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from './announcements.ts';
import { toFailure } from './loadable.ts';

interface DownloadsDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
}

/** What the workbench downloads when asked, motor and MongoDB: the snapshot says how it goes. */
export function createDownloads({ inspector, announcements }: DownloadsDeps) {
  /** Announces a refusal; never rejects. */
  const act =
    (name: keyof (DriverFunctions & MongodbFunctions), title: string) => async (): Promise<void> => {
      try {
        await inspector.call(name, null);
      } catch (error) {
        announcements.announce({ tone: 'bad', title, text: toFailure(error).message, key: 'downloads' });
      }
    };
  return {
    installDriver: act('installDriver', 'motor not installed'),
    cancelDriver: act('cancelDriver', 'Installation not cancelled'),
    removeDriver: act('removeDriver', 'motor not removed'),
    startMongodb: act('useMongodb', 'MongoDB not in use'),
    cancelMongodb: act('cancelMongodb', 'Download not cancelled'),
    returnToLocal: act('useLocalDatabase', 'Local database not in use'),
  };
}
