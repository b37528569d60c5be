import { numberVariable, type Reader, textVariable } from '../reader.ts';
import type { AuthConfig, Config } from '../types.ts';
import { allowedHost, host, isLoopback, listOf, origin } from '../values.ts';

/** Variables of the server and of the app it serves (CONTRACT.md §5). */

export type ServerSettings = Pick<
  Config,
  | 'app'
  | 'appTier'
  | 'appName'
  | 'host'
  | 'port'
  | 'portExplicit'
  | 'allowedHosts'
  | 'corsOrigins'
  | 'maxBodyBytes'
>;

/** Where a runtime listens that nobody has told otherwise. */
export const DEFAULT_ADDRESS = { HOST: '127.0.0.1', PORT: 8080 } as const;

const NO_LIST: readonly string[] = [];
const MIB = 1024 * 1024;

export function resolveServer(reader: Reader): ServerSettings {
  const appId = reader.read(textVariable('MOZAIKS_APP_ID', 'dev_app', 'The app that plugins see as app_id.'));
  const app = { appId, origin: reader.originOf('MOZAIKS_APP_ID') };
  const appTier = reader.read(textVariable('APP_TIER', 'free', 'Tier of the app, shown by /health.'));
  const appName = reader.read(textVariable('APP_NAME', 'Mozaiks', 'Name of the app, shown by /info.'));
  const address = reader.read<string>({
    ...textVariable('HOST', DEFAULT_ADDRESS.HOST, 'The address the server listens on.'),
    parse: host,
  });
  const port = reader.read(
    numberVariable(
      'PORT',
      DEFAULT_ADDRESS.PORT,
      [0, 65_535],
      'The port; 0 takes any free one. An unset one moves when it is taken.',
    ),
  );
  const allowedHosts = reader.read<readonly string[]>({
    name: 'ALLOWED_HOSTS',
    description: 'Host headers accepted besides the loopback ones.',
    parse: listOf(allowedHost),
    fallback: NO_LIST,
    fallbackText: '',
    show: (list) => list.join(', '),
  });
  const corsOrigins = resolveOrigins(reader);
  const maxBodyBytes = reader.read(
    numberVariable(
      'MAX_REQUEST_BODY_BYTES',
      1_000_000,
      [1, 256 * MIB],
      'The largest request body, in bytes.',
    ),
  );
  const portExplicit = reader.isSet('PORT');
  return {
    app,
    appTier,
    appName,
    host: address,
    port,
    portExplicit,
    allowedHosts,
    corsOrigins,
    maxBodyBytes,
  };
}

function resolveOrigins(reader: Reader): readonly string[] {
  const frontend = reader.read<string>({
    ...textVariable('FRONTEND_URL', 'http://localhost:5173', 'The origin of the app itself (CORS).'),
    parse: origin,
  });
  const additional = reader.read<readonly string[]>({
    name: 'ADDITIONAL_CORS_ORIGINS',
    description: 'More origins that may call from a browser.',
    parse: listOf(origin),
    fallback: NO_LIST,
    fallbackText: '',
    show: (list) => list.join(', '),
  });
  return [...new Set([frontend, ...additional])];
}

/** A wider address opens the runtime to the whole network (SECURITY.md §3). */
export function checkReach(
  reader: Reader,
  { host, allowedHosts }: Pick<Config, 'host' | 'allowedHosts'>,
  auth: AuthConfig,
): void {
  const tokenRequired = auth.mode === 'external' || auth.requireToken;
  if (isLoopback(host) || (allowedHosts.length > 0 && tokenRequired)) return;
  reader.problem({
    name: 'HOST',
    value: host,
    remedy:
      'reaches beyond this machine; give 127.0.0.1, or set ALLOWED_HOSTS to the Host headers to accept and make a token mandatory (MOZAIKS_REQUIRE_TOKEN=true)',
  });
}
