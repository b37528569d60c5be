import { type Answer, type Asked, VERSION_HEADER, withoutHeader } from '../answer.ts';
import { type Fault, type FaultsOf, onAnswer, onGet } from './fault.ts';

/**
 * Each kind of answer that may miss the header: a middleware that is too far inside sees the others alone.
 */

function missing(where: string, which: (answer: Answer, asked: Asked) => boolean): Fault {
  return onAnswer(`leaves the header out ${where}`, which, (answer) => withoutHeader(answer, VERSION_HEADER));
}

const always = () => true;

export const HEADER_FAULTS: FaultsOf<'header'> = {
  'header.health': missing('on GET /health', onGet('/health')),
  'header.health-head': missing('on HEAD', (_, { method }) => method === 'HEAD'),
  'header.plugins': missing('on the list of plugins', onGet('/api/plugins')),
  'header.execute': missing(
    'on what a plugin returned',
    ({ status }, { outcome }) => outcome !== null && status === 200,
  ),
  'header.plugin-error': missing(
    'on the errors of plugins',
    ({ status }, { outcome }) => outcome !== null && status === 500,
  ),
  'header.bad-json': missing('on 400', ({ status }, { method }) => method === 'POST' && status === 400),
  'header.bad-token': missing('on 401', ({ status }) => status === 401),
  'header.unknown-route': missing(
    'where no route is',
    ({ status }, { path }) => status === 404 && !path.startsWith('/api/'),
  ),
  'header.wrong-method': missing('on 405', ({ status }) => status === 405),
  'header.too-large': missing('on 413', ({ status }) => status === 413),
  'header.preflight': missing('on preflights', (_, { method }) => method === 'OPTIONS'),
  'header.malformed': missing(
    'where the bytes are no request',
    ({ status }, { method }) => method === 'raw' && status === 400,
  ),
  'header.huge-header': missing('on 431', ({ status }) => status === 431),
  'header.value': onAnswer('writes 0.9.0 into the header', always, (answer) => ({
    ...answer,
    headers: { ...answer.headers, [VERSION_HEADER]: '0.9.0' },
  })),
  'header.exposed': onAnswer('lets no script read the header', always, (answer) =>
    withoutHeader(answer, 'Access-Control-Expose-Headers'),
  ),
};
