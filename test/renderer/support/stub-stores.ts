import { onTestFinished } from 'vitest';
import type { Announcement } from '../../../renderer/state/app/announcements.ts';
import { createStores, type Stores } from '../../../renderer/stores.ts';
import { type Answers, createStubBridge, type StubBridge } from './stub-bridge.ts';
import { createStubPage, type StubPage } from './stub-page.ts';

export interface StubStores extends StubBridge {
  readonly stores: Stores;
  readonly page: StubPage;
  /** What was announced so far, oldest first. */
  readonly announced: readonly Announcement[];
  readonly withdrawn: readonly string[];
}

interface StubOptions {
  /** Where the page is, without the `#`. */
  readonly hash?: string;
  readonly stored?: Readonly<Record<string, unknown>>;
  readonly now?: () => number;
}

/**
 * Fresh stores over a stub bridge and a stub page. They follow the page's address, nothing else, until the
 * test is over.
 */
export function stubStores(
  answers: Answers = {},
  { hash, stored, now = Date.now }: StubOptions = {},
): StubStores {
  const stub = createStubBridge(answers);
  const page = createStubPage(hash, stored);
  const stores = createStores({ bridge: stub.bridge, page, now });
  onTestFinished(stores.ui.start());
  const announced: Announcement[] = [];
  const withdrawn: string[] = [];
  stores.announcements.onAnnouncement((announcement) => announced.push(announcement));
  stores.announcements.onWithdrawal((key) => withdrawn.push(key));
  return { ...stub, stores, page, announced, withdrawn };
}
