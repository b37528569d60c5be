import type { Trace } from '../../contract/trace.ts';

/**
 * What a search looks through, in lower case: bodies, users, ids and messages; not the field names of a
 * trace, which would match every one.
 */
export function searchableText({
  request,
  response,
  identity,
  error,
  console,
  events,
  children = [],
  findings = [],
  inProduction,
  ...trace
}: Trace): string {
  const bodies = [request.body, response?.body].map((body) =>
    body?.json === undefined ? body?.text : JSON.stringify(body.json),
  );
  const words = [trace.id, trace.traceId, trace.plugin, trace.outcome, request.path, String(trace.status)];
  const who = [trace.user, identity?.username, ...(identity?.roles ?? [])];
  const said = [
    error?.code,
    error?.message,
    error?.stack,
    ...(inProduction ?? []),
    ...console.map(({ text }) => text),
  ];
  const did = events.flatMap(({ kind, name, detail }) => [kind, name, detail]);
  const inside = children.flatMap((child) =>
    child.kind === 'http'
      ? [child.url, child.error]
      : [child.command, child.collection, child.filter, child.error],
  );
  const found = findings.map(({ text }) => text);
  return [...words, ...who, ...bodies, ...said, ...did, ...inside, ...found]
    .filter((part) => typeof part === 'string')
    .join('\n')
    .toLowerCase();
}
