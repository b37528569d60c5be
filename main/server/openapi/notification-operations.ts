import type { Answer, Operation } from '../route.ts';
import { errorExample } from './responses.ts';

/** A user's notifications, as `/openapi.json` describes them (CONTRACT.md §2). */

const ID = {
  name: 'id',
  description: 'The notification.',
  example: '5f0e6c1e-7f8b-4c55-9d0d-6c0e3a3b1d2f',
  pattern: '^[^/]+$',
};

const news = {
  id: ID.example,
  user_id: 'user-ada',
  type: 'notes_shared',
  title: 'A note for you',
  message: 'Bob has shared "Groceries"',
  created_at: '2026-01-02T03:04:05.678000',
  read: false,
  metadata: { note: 7 },
};

const page = { count: 1, unread_count: 1, unread_only: false, timestamp: '2026-01-02T03:05:00.000000' };

export const notificationsOperation: Operation = {
  id: 'notifications',
  tag: 'Notifications',
  summary: "The user's notifications",
  description: 'The newest first, at most the last hundred.',
  needsUser: true,
  query: [
    {
      name: 'unread_only',
      description: 'Only those that are not read.',
      schema: { type: 'boolean' },
      example: false,
    },
    { name: 'limit', description: 'How many; 20 by default.', schema: { type: 'integer' }, example: 20 },
    { name: 'offset', description: 'How many to pass over.', schema: { type: 'integer' }, example: 0 },
  ],
  answers: {
    200: {
      description: 'The notifications.',
      schema: 'NotificationList',
      examples: {
        one: { summary: 'One, not read yet', value: { notifications: [news], ...page } },
        none: { summary: 'None', value: { notifications: [], ...page, count: 0, unread_count: 0 } },
      },
    },
    422: {
      description: 'The query holds something else than a flag or a whole number.',
      schema: 'Unprocessable',
      examples: {
        limit: errorExample(
          'UNPROCESSABLE_ENTITY',
          'No number',
          'Invalid query: limit must be a whole number',
        ),
      },
    },
  },
};

const done = (message: string): Answer => ({
  description: 'Done.',
  schema: 'Message',
  examples: { done: { summary: 'Done', value: { message } } },
});

const missing = (summary: string, detail: string): Answer => ({
  description: `${summary}.`,
  schema: 'NotFound',
  examples: { missing: errorExample('NOT_FOUND', summary, detail) },
});

const NO_SUCH = missing('The user has no such notification, or it is read', 'Notification not found');

export const markReadOperation: Operation = {
  id: 'markNotificationRead',
  tag: 'Notifications',
  summary: 'Mark a notification as read',
  description: 'Of the user themselves.',
  needsUser: true,
  parameter: ID,
  answers: { 200: done('Notification marked as read'), 404: NO_SUCH },
};

export const markAllReadOperation: Operation = {
  id: 'markAllNotificationsRead',
  tag: 'Notifications',
  summary: 'Mark all notifications as read',
  description: 'Publishes `all_notifications_read`.',
  needsUser: true,
  answers: {
    200: done('All notifications marked as read'),
    404: missing('All are read, or there are none', 'No unread notifications'),
  },
};

export const deleteNotificationOperation: Operation = {
  id: 'deleteNotification',
  tag: 'Notifications',
  summary: 'Delete a notification',
  description: 'Of the user themselves.',
  needsUser: true,
  parameter: ID,
  answers: { 200: done('Notification deleted'), 404: NO_SUCH },
};
