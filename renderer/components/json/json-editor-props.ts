import type { TextMark } from './json-marks.ts';

export interface JsonEditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Ctrl/Cmd+Enter. */
  readonly onSubmit?: () => void;
  /** For screen readers. */
  readonly label: string;
  /** CSS length; by default it fills its parent. */
  readonly height?: string;
  readonly readOnly?: boolean;
  /** Finds what to mark in the text; by default JSON errors. Must be the same function at every render. */
  readonly marksOf?: (text: string) => readonly TextMark[];
}
