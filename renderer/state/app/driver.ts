import type { DriverFunctions } from '../../../main/contract/python-driver.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from './announcements.ts';
import { toFailure } from './loadable.ts';

interface DriverDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
}

/** motor for Python plugins: the snapshot says how it goes. */
export function createDriverActions({ inspector, announcements }: DriverDeps) {
  /** Announces a refusal; never rejects. */
  const act = (name: keyof DriverFunctions, title: string) => async (): Promise<void> => {
    try {
      await inspector.call(name, null);
    } catch (error) {
      announcements.announce({ tone: 'bad', title, text: toFailure(error).message, key: 'driver' });
    }
  };
  return {
    install: act('installDriver', 'motor not installed'),
    cancel: act('cancelDriver', 'Installation not cancelled'),
    remove: act('removeDriver', 'motor not removed'),
  };
}
