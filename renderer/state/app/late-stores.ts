/**
 * Stores that come with the chunk of their screen, so that the first screen doesn't load their code. They are made
 * when they are first asked for, and live as long as the page.
 */
export function createLateStores<Deps>(deps: Deps) {
  const made = new Map<(deps: Deps) => unknown, unknown>();

  /** What `create` makes of what all stores may use: always the same. */
  function of<T>(create: (deps: Deps) => T): T {
    if (!made.has(create)) made.set(create, create(deps));
    return made.get(create) as T;
  }

  return { of };
}
