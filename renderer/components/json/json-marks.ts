import { duplicateKeys, type JsonScan, scanJson } from '../../../main/contract/json-text.ts';

/** A remark on a range of text, shown in the editor. */
export interface TextMark {
  /** In UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly tone: 'bad' | 'warn';
  readonly text: string;
}

/** Problems of text as JSON. Empty text has none: it may be intended. */
export function jsonMarks(text: string): readonly TextMark[] {
  return text.trim() === '' ? [] : marksOfScan(scanJson(text));
}

export function marksOfScan({ tokens, problem }: JsonScan): readonly TextMark[] {
  const twice = duplicateKeys(tokens).map(({ from, text }): TextMark => {
    return { from, to: from + text.length, tone: 'warn', text: `${text} appears twice; the last one wins` };
  });
  if (problem === null) return twice;
  return [...twice, { from: problem.from, to: problem.to, tone: 'bad', text: sentence(problem.message) }];
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
