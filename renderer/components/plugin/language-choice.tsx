import { Input, SegmentedControl } from '@mantine/core';
import { useId } from 'react';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { LANGUAGE_CHOICES } from './language.ts';

type Language = PluginView['language'];

export interface LanguageChoiceProps {
  readonly value: Language;
  readonly onChange: (language: Language) => void;
}

/** Which language a new plugin is written in. */
export function LanguageChoice({ value, onChange }: LanguageChoiceProps) {
  const label = useId();
  return (
    <div>
      <Input.Label id={label} component="div" mb={4}>
        Language
      </Input.Label>
      <SegmentedControl
        fullWidth
        aria-labelledby={label}
        data={LANGUAGE_CHOICES}
        value={value}
        onChange={(chosen) => onChange(chosen as Language)}
      />
    </div>
  );
}
