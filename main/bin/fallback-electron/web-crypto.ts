import { webcrypto } from 'node:crypto';

/** jose needs the Web Crypto global, which Node 18 doesn't set. Import this first. */
globalThis.crypto ??= webcrypto as typeof globalThis.crypto;
