import { type ReactNode, useMemo } from 'react';
import { type AnsiRun, parseAnsi } from './ansi.ts';
import classes from './foreign-text.module.css';
import { describeHidden, splitHidden } from './hidden-characters.ts';

/**
 * Untrusted text, inline: hidden characters are written out as their code, its writing direction is isolated,
 * and terminal colours are shown. Never HTML, and no link in it can be clicked.
 */
export function ForeignText({ text }: { readonly text: string }) {
  const runs = useMemo(() => parseAnsi(text), [text]);
  return (
    <bdi>
      {runs.map((run, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text never move
        <Run key={at} run={run} />
      ))}
    </bdi>
  );
}

function Run({ run: { text, style } }: { readonly run: AnsiRun }): ReactNode {
  const shown = withHidden(text);
  const { hue, background, bold, italic, underline, struck } = style;
  if (hue === null && background === null && !bold && !italic && !underline && !struck) return shown;
  return (
    <span
      className={classes.run}
      // On a coloured background the text keeps the default colour, so that nothing can be made
      // unreadable.
      data-hue={background === null ? (hue ?? undefined) : undefined}
      data-background={background ?? undefined}
      data-bold={bold || undefined}
      data-italic={italic || undefined}
      data-underline={underline || undefined}
      data-struck={struck || undefined}
    >
      {shown}
    </span>
  );
}

/** Text with its hidden characters as marks. */
export function withHidden(text: string): ReactNode {
  const parts = splitHidden(text);
  if (parts.length === 1 && !parts[0]?.hidden) return text;
  return parts.map((part, at) =>
    part.hidden ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
      <span key={at} className={classes.hidden} title={describeHidden(part.text)}>
        {part.shown}
      </span>
    ) : (
      part.text
    ),
  );
}
