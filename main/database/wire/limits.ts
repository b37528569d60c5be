/** What a MongoDB server tells its clients about its limits; they keep to them, and others are held to them. */
export const WIRE_LIMITS = {
  documentBytes: 16 * 1024 * 1024,
  messageBytes: 48_000_000,
  /** Documents of one insert. */
  batch: 100_000,
  /** Of a message before login: hundreds of connections that nobody knows must not fill the memory. */
  messageBytesBeforeLogin: 64 * 1024,
} as const;

/** Of MongoDB 7.0; what this server can do of it, drivers find out by asking for it. */
export const WIRE_VERSION = 21;
