/** A short message about something that happened off the user's current screen; the frame shows it. */
export interface Announcement {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly title: string;
  readonly text: string;
  /** A newer announcement with the same key takes the older one's place. */
  readonly key?: string;
  /** Stays until it is closed or withdrawn. */
  readonly lasting?: boolean;
  /** What can be done about it; doing it closes the announcement. */
  readonly action?: { readonly label: string; readonly run: () => unknown };
}

type Listener = (announcement: Announcement) => void;

export type Announcements = ReturnType<typeof createAnnouncements>;

export function createAnnouncements() {
  const listeners = new Set<Listener>();
  const withdrawalListeners = new Set<(key: string) => void>();

  function announce(announcement: Announcement): void {
    for (const listener of listeners) listener(announcement);
  }

  /** Returns `unsubscribe`. */
  function onAnnouncement(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Withdraws what was announced under `key`: it is no longer true. */
  function withdraw(key: string): void {
    for (const listener of withdrawalListeners) listener(key);
  }

  /** Returns `unsubscribe`. */
  function onWithdrawal(listener: (key: string) => void): () => void {
    withdrawalListeners.add(listener);
    return () => withdrawalListeners.delete(listener);
  }
  return {
    announce,
    onAnnouncement,
    withdraw,
    onWithdrawal,
  };
}
