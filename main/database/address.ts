/** Where the local database is reached, as drivers write it. */
export interface Address {
  readonly port: number;
  readonly password: string;
}

export const LOCAL_HOST = '127.0.0.1';
export const LOCAL_USER = 'workbench';

/** Names the database that production's default does, which plugins may ask their driver for. */
export function formatAddress({ port, password }: Address): string {
  return `mongodb://${LOCAL_USER}:${password}@${LOCAL_HOST}:${port}/mozaiks?authSource=admin&authMechanism=SCRAM-SHA-256`;
}

/** Null for what is not one of these. */
export function parseAddress(text: string): Address | null {
  const [, password, port] = /^mongodb:\/\/workbench:([\w-]+)@127\.0\.0\.1:(\d{1,5})\//.exec(text) ?? [];
  return password === undefined ? null : { password, port: Number(port) };
}
