import { Button } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import { IconCheck, IconInfoCircle, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { Announcement } from '../../state/app/announcements.ts';
import { showControls } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './announcements.module.css';

const SECONDS = { good: 3, plain: 4, bad: 10 } as const;
const LOOK = {
  good: { color: 'var(--wb-ok)', icon: <IconCheck size={16} /> },
  plain: { color: 'var(--wb-accent)', icon: <IconInfoCircle size={16} /> },
  bad: { color: 'var(--wb-exception)', icon: <IconX size={16} /> },
} as const;

/**
 * Shows announcements in the corner; failures stay longer, lasting ones until they are closed or withdrawn.
 */
export function Announcements() {
  const stores = useStores();
  useEffect(() => {
    const unsubscribes = [
      stores.announcements.onAnnouncement(show),
      stores.announcements.onWithdrawal((key) => notifications.hide(key)),
    ];
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    };
  }, []);
  return (
    <Notifications
      position="bottom-right"
      limit={4}
      transitionDuration={120}
      classNames={{ root: classes.corner }}
    />
  );
}

function show({ tone, title, text, key, lasting = false, action }: Announcement): void {
  const { color, icon } = LOOK[tone];
  const id = key ?? crypto.randomUUID();
  if (key !== undefined) notifications.hide(key);
  notifications.show({
    id,
    title,
    message: (
      <>
        {text !== '' && <div className={classes.text}>{showControls(text)}</div>}
        {action !== undefined && (
          <Button
            size="compact-xs"
            className={classes.action ?? ''}
            onClick={() => {
              notifications.hide(id);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
      </>
    ),
    icon: <span style={{ color, display: 'grid' }}>{icon}</span>,
    autoClose: lasting ? false : SECONDS[tone] * 1000,
    // A failure interrupts a screen reader; the rest waits for a pause.
    role: tone === 'bad' ? 'alert' : 'status',
    closeButtonProps: { 'aria-label': `Close: ${title}` },
    classNames: { root: classes.card, icon: classes.icon, title: classes.title },
    withBorder: true,
  });
}
