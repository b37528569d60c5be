import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { copyText } from '../../page.ts';
import classes from './copy-button.module.css';

type CopyState = 'idle' | 'copied' | 'failed';
const ICONS = { idle: IconCopy, copied: IconCheck, failed: IconX } as const;
const LABEL_MS = 1500;

export interface CopyButtonProps {
  /** The text, or how to get it at the moment of the click. */
  readonly text: string | (() => string | Promise<string>);
  /** What is copied, for the tooltip: "Copy base URL". */
  readonly label?: string | undefined;
  /** Shown always, not only while {@link Copyable} is hovered or has the focus. */
  readonly always?: boolean;
}

/** Copies text. Inside a {@link Copyable} it appears on hover and on focus. */
export function CopyButton({ text, label = 'Copy', always = false }: CopyButtonProps) {
  const [state, setState] = useState<CopyState>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), LABEL_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    Promise.resolve(typeof text === 'function' ? text() : text)
      .then(copyText)
      .then(
        () => setState('copied'),
        (error) => {
          console.warn('not copied', error);
          setState('failed');
        },
      );
  };
  const message = { idle: label, copied: 'Copied', failed: 'Couldn’t copy' }[state];
  const Icon = ICONS[state];
  return (
    <Tooltip label={message}>
      <ActionIcon
        size={22}
        onClick={copy}
        aria-label={message}
        className={classes.button}
        data-always={always || state !== 'idle' || undefined}
      >
        <Icon size={14} />
      </ActionIcon>
    </Tooltip>
  );
}

/** Something with a copy button beside it that appears on hover and on focus. */
export function Copyable({ text, label, children }: CopyButtonProps & { readonly children: ReactNode }) {
  return (
    <span className={classes.copyable}>
      {children}
      <CopyButton text={text} label={label} />
    </span>
  );
}
