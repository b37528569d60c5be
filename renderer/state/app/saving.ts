import { DOWNLOADS_PATH, type SaveOutcome } from '../../../main/contract/save.ts';
import type { Page } from '../../page.ts';
import type { Announcements } from './announcements.ts';
import { toFailure } from './loadable.ts';

export type Saving = ReturnType<typeof createSaving>;

interface SavingDeps {
  readonly announcements: Announcements;
  readonly page: Page;
}

export function createSaving({ announcements, page }: SavingDeps) {
  /**
   * Saves a file and announces the result; in a browser it starts the download. Never rejects.
   * @param saved what to announce when it is on disk: "3 traces exported"
   */
  async function announceSaved<O extends SaveOutcome>(
    saving: Promise<O>,
    saved: (outcome: Extract<O, { state: 'saved' }>) => string,
  ): Promise<void> {
    const key = 'export';
    try {
      const outcome: SaveOutcome = await saving;
      if (outcome.state === 'saved') {
        const title = saved(outcome as Extract<O, { state: 'saved' }>);
        announcements.announce({ tone: 'good', title, text: outcome.path, key });
      } else if (outcome.state === 'download') {
        // Beside the page, below the launch token.
        page.startDownload(`../${DOWNLOADS_PATH}/${outcome.id}`, outcome.name);
        announcements.announce({ tone: 'good', title: 'Export started', text: outcome.name, key });
      }
    } catch (error) {
      announcements.announce({ tone: 'bad', title: 'Not saved', text: toFailure(error).message, key });
    }
  }
  return {
    announceSaved,
  };
}
