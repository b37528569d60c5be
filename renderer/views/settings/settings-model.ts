import type { Setting } from '../../../main/contract/snapshot.ts';

export const SOURCE_WORDS: Readonly<Record<Setting['source'], string>> = {
  environment: 'environment',
  'env-file': '.env file',
  'command-line': 'command line',
  default: 'default',
  'deprecated-alias': 'deprecated variable',
  generated: 'made for you',
  window: 'chosen in the window',
};

/** Those whose name, value, description or origin holds the text; letter case ignored. What was set by hand comes first. */
export function matchingSettings(settings: readonly Setting[], text: string): readonly Setting[] {
  const wanted = text.trim().toLowerCase();
  const matches = settings.filter(({ name, value, description, origin, source }) =>
    [name, value, description, origin, SOURCE_WORDS[source]].some((part) =>
      part.toLowerCase().includes(wanted),
    ),
  );
  const isSet = ({ source }: Setting) => source !== 'default' && source !== 'generated';
  return [...matches.filter(isSet), ...matches.filter((setting) => !isSet(setting))];
}
