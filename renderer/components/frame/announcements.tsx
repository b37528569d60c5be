import { Notifications, notifications } from '@mantine/notifications';
import { IconCheck, IconInfoCircle, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { type Announcement, onAnnouncement, onWithdrawal } from '../../state/announcements.ts';
import { showControls } from '../format.ts';
import classes from './announcements.module.css';

const SECONDS = { good: 3, plain: 4, bad: 10 } as const;
const LOOK = {
  good: { color: 'var(--wb-ok)', icon: <IconCheck size={16} /> },
  plain: { color: 'var(--wb-accent)', icon: <IconInfoCircle size={16} /> },
  bad: { color: 'var(--wb-exception)', icon: <IconX size={16} /> },
} as const;

/** Shows announcements in the corner; bad news stay longer. */
export function Announcements() {
  useEffect(() => {
    const undo = [onAnnouncement(show), onWithdrawal((key) => notifications.hide(key))];
    return () => {
      for (const stop of undo) stop();
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

function show({ tone, title, text, key }: Announcement): void {
  const { color, icon } = LOOK[tone];
  if (key !== undefined) notifications.hide(key);
  notifications.show({
    ...(key === undefined ? {} : { id: key }),
    title,
    message: showControls(text),
    icon: <span style={{ color, display: 'grid' }}>{icon}</span>,
    autoClose: SECONDS[tone] * 1000,
    classNames: { root: classes.card, icon: classes.icon, title: classes.title, description: classes.text },
    withBorder: true,
  });
}
