import type { PluginView } from '../../../main/contract/plugin-view.ts';

type Language = PluginView['language'];

const WORDS: Readonly<Record<Language, string>> = {
  typescript: 'TypeScript',
  javascript: 'JavaScript',
  python: 'Python',
};
const TAGS: Readonly<Record<Language, string>> = { typescript: 'TS', javascript: 'JS', python: 'PY' };

export function languageWord(language: Language): string {
  return WORDS[language];
}

/** Where there is room for two letters. */
export function languageTag(language: Language): string {
  return TAGS[language];
}

/** The file a new plugin begins with. */
export const ENTRY_FILES: Readonly<Record<Language, string>> = {
  typescript: 'logic.ts',
  javascript: 'logic.js',
  python: 'logic.py',
};

export const LANGUAGE_CHOICES = (Object.keys(WORDS) as Language[]).map((value) => ({
  value,
  label: WORDS[value],
}));
