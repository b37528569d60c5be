import { CLAUSES, type ClauseId } from '../../../main/conformance/clauses/clauses.ts';
import type { ConformanceReport } from '../../../main/contract/conformance.ts';
import { FAULTS } from './faults/faults.ts';

/** Which clauses failed at which broken stand-in, and why, as a table in Markdown. */
export function brokenTable(reports: ReadonlyMap<ClauseId, ConformanceReport>): string {
  const rows = CLAUSES.map(({ id }) => row(id, reports.get(id)));
  const head = ['Broken requirement', 'What the stand-in does', 'Failed', 'Reason', 'Skipped', 'Passed'];
  return [cells(head), cells(head.map(() => '---')), ...rows, ''].join('\n');
}

function row(id: ClauseId, report: ConformanceReport | undefined): string {
  const checks = report?.checks ?? [];
  const of = (verdict: string) => checks.filter((check) => check.verdict === verdict);
  const ids = (verdict: string) => of(verdict).map((check) => `\`${check.id}\``);
  const failed = [...of('failed'), ...of('differs')];
  return cells([
    ...[`\`${id}\``, FAULTS[id].says, [...ids('failed'), ...ids('differs')].join(', ')],
    ...[failed.map(({ reason }) => reason).join('; '), ids('skipped').join(', ') || '–'],
    `${of('passed').length} of ${checks.length}`,
  ]);
}

/** A pipe would end a cell, a line break the row. */
function cells(texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
}
