import type { ChildSpan, DatabaseSpan, HttpSpan } from '../../contract/child-span.ts';
import type { Trace } from '../../contract/trace.ts';
import { printableEntry } from '../../system/printable.ts';

/** Of a filter, in characters: a line is read at a glance. */
const MAX_FILTER = 120;

/** What the plugin did outside its own code, and what rules found: a line each; none where there is nothing. */
export function formatInside({
  children = [],
  droppedChildren = 0,
  findings = [],
}: Trace): readonly string[] {
  const inside = children.map(describeChild);
  if (droppedChildren > 0) inside.push(`${droppedChildren} more, which the trace doesn't have`);
  return [
    ...section('Inside the call:', inside),
    ...section(
      'Findings:',
      findings.map(({ text }) => text),
    ),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [title, ...lines.map((line) => printableEntry(`  ${line}`))];
}

function describeChild(child: ChildSpan): string {
  const parts = child.kind === 'database' ? describeCommand(child) : describeRequest(child);
  const failed = child.error === null ? null : `failed: ${child.error}`;
  return [...parts, milliseconds(child.durationMs), failed].filter((part) => part !== null).join(' ');
}

function describeCommand({ command, collection, filter, documents }: DatabaseSpan) {
  return [command, collection, filter === null ? null : shorten(filter), countDocuments(documents)];
}

function countDocuments(documents: number | null): string | null {
  if (documents === null) return null;
  return documents === 1 ? '1 document' : `${documents} documents`;
}

function describeRequest({ method, url, status, carriesUserJwt }: HttpSpan) {
  return [
    method,
    url,
    status === null ? 'no answer' : String(status),
    carriesUserJwt ? 'with user_jwt' : null,
  ];
}

function shorten(text: string): string {
  return text.length > MAX_FILTER ? `${text.slice(0, MAX_FILTER - 1)}…` : text;
}

/** `1.2 ms`, `12 ms`. */
export function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
