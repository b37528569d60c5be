/** What follows the screen Messages in the address of its events. */
export const EVENTS_PLACE = 'events';
