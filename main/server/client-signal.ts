import type { ServerResponse } from 'node:http';

/** Aborts when the connection ends before the answer is out. */
export function clientSignal(res: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const abort = () => {
    if (!res.writableFinished) gone.abort();
  };
  res.once('close', abort);
  if (res.destroyed) abort();
  return gone.signal;
}
