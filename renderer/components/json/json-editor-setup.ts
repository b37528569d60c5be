import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { history, historyKeymap, standardKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { TextMark } from './json-marks.ts';

const look = EditorView.theme({
  '&': { fontSize: '12px', backgroundColor: 'var(--wb-sunken)', color: 'var(--wb-text)', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--wb-mono)', lineHeight: '18px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--wb-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--wb-text)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--wb-faint)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--wb-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--wb-accent-soft)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--wb-raised)',
    border: '1px solid var(--wb-line-strong)',
    borderRadius: '6px',
    color: 'var(--wb-text)',
  },
  '.cm-lint-marker': { width: '0.9em', height: '0.9em' },
  '.cm-lint-marker-error': { content: 'none', background: 'var(--wb-exception)', borderRadius: '50%' },
  '.cm-lint-marker-warning': { content: 'none', background: 'var(--wb-plugin-error)', borderRadius: '2px' },
  '.cm-diagnostic': { padding: '4px 8px', fontFamily: 'var(--mantine-font-family)', border: '0' },
  '.cm-diagnostic-error': { color: 'var(--wb-exception)' },
  '.cm-diagnostic-warning': { color: 'var(--wb-plugin-error)' },
  '.cm-lintRange-error': { backgroundImage: 'none', borderBottom: '2px dotted var(--wb-exception)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', borderBottom: '2px dotted var(--wb-plugin-error)' },
  '.cm-specialChar': { color: 'var(--wb-exception)' },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: 'var(--wb-accent-soft)',
    outline: '0',
  },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--wb-json-key)' },
  { tag: tags.string, color: 'var(--wb-json-string)' },
  { tag: tags.number, color: 'var(--wb-json-number)' },
  { tag: [tags.bool, tags.null], color: 'var(--wb-json-word)' },
]);

/** Underlines what `marksOf` finds in the text. */
export function markText(marksOf: (text: string) => readonly TextMark[]): Extension {
  return linter(({ state: { doc } }) =>
    marksOf(doc.toString()).map(({ from, to, tone, text }) => ({
      // Something missing at the end is marked at the last character.
      from: Math.min(from, Math.max(0, doc.length - 1)),
      to: Math.min(Math.max(to, from + 1), doc.length),
      severity: tone === 'bad' ? 'error' : 'warning',
      message: text,
    })),
  );
}

/** Extensions of every JSON editor: language, look, brackets, line numbers. Tab moves the focus. */
export const JSON_EDITING: readonly Extension[] = [
  json(),
  syntaxHighlighting(colours),
  look,
  EditorView.lineWrapping,
  EditorState.tabSize.of(2),
  EditorState.allowMultipleSelections.of(true),
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  drawSelection(),
  bracketMatching(),
];

/** Additional extensions of a writable one: history, closing brackets, a gutter for marks. */
export const JSON_WRITING: readonly Extension[] = [
  history(),
  dropCursor(),
  indentOnInput(),
  closeBrackets(),
  lintGutter(),
  keymap.of([...closeBracketsKeymap, ...standardKeymap, ...historyKeymap, ...lintKeymap]),
];
