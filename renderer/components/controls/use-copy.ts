import { copyText } from '../../page.ts';
import { toFailure } from '../../state/app/loadable.ts';
import { useStores } from '../use-stores.tsx';

interface CopyNotice {
  readonly title: string;
  readonly text?: string;
}

/** What is copied: the text, or how to get it at the moment of the click. */
type Copied = string | (() => string | Promise<string>);

export type Copy = (text: Copied, notice: CopyNotice) => Promise<void>;

/** Copies text and announces that it is on the clipboard, or why it isn't. Never rejects. */
export function useCopy(): Copy {
  const { announcements } = useStores();
  return async (text, notice) => {
    try {
      await copyText(typeof text === 'string' ? text : await text());
      announcements.announce({ tone: 'good', title: notice.title, text: notice.text ?? '', key: 'copied' });
    } catch (error) {
      const { message } = toFailure(error);
      announcements.announce({ tone: 'bad', title: 'Not copied', text: message, key: 'copied' });
    }
  };
}
