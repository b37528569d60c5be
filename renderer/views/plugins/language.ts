import type { PluginView } from '../../../main/contract/plugin-view.ts';

const WORDS: Readonly<Record<PluginView['language'], string>> = {
  typescript: 'TypeScript',
  javascript: 'JavaScript',
  python: 'Python',
};

export function languageWord(language: PluginView['language']): string {
  return WORDS[language];
}
