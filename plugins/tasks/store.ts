export interface Task {
  readonly id: number;
  readonly title: string;
  readonly done: boolean;
}

/**
 * Each user's tasks. They last as long as the plugin's process: a reload, a timeout or a restart empties the
 * list.
 */
const tasksOf = new Map<string, Task[]>();
let lastId = 0;

export function list(user: string): readonly Task[] {
  return tasksOf.get(user) ?? [];
}

export function create(user: string, title: string): Task {
  lastId += 1;
  const task = { id: lastId, title, done: false };
  tasksOf.set(user, [...list(user), task]);
  return task;
}

/** The task as it is now; undefined if this user has none with that id. */
export function complete(user: string, id: number): Task | undefined {
  const changed = list(user).map((task) => (task.id === id ? { ...task, done: true } : task));
  tasksOf.set(user, changed);
  return changed.find((task) => task.id === id);
}

/** Whether there was one to remove. */
export function remove(user: string, id: number): boolean {
  const remaining = list(user).filter((task) => task.id !== id);
  const removed = remaining.length < list(user).length;
  tasksOf.set(user, remaining);
  return removed;
}
