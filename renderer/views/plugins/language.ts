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
