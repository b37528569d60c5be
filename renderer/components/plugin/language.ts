import {
  LANGUAGE_EXTENSIONS,
  LANGUAGE_NAMES,
  LANGUAGES,
  type Language,
} from '../../../main/contract/plugin-view.ts';

export function formatLanguage(language: Language): string {
  return LANGUAGE_NAMES[language];
}

/** Two letters, for narrow places. */
export function languageTag(language: Language): string {
  return LANGUAGE_EXTENSIONS[language].toUpperCase();
}

/** The file a new plugin starts with. */
export const ENTRY_FILES: Readonly<Record<Language, string>> = {
  typescript: 'logic.ts',
  javascript: 'logic.js',
  python: 'logic.py',
};

export const LANGUAGE_CHOICES = LANGUAGES.map((value) => ({
  value,
  label: LANGUAGE_NAMES[value],
}));
