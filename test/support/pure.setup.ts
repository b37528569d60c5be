/**
 * A pure test has no network (see pure-tests.ts); one that wants to know what is fetched puts a stand-in
 * here.
 */
globalThis.fetch = () => {
  throw new Error('a pure test must not open a socket');
};
