import { Fragment } from 'react';
import { showControls } from '../text/format.ts';

/** A dotted name that may wrap after its dots and underscores rather than inside a word. */
export function Breakable({ text }: { readonly text: string }) {
  const parts = showControls(text).split(/(?<=[._](?=.))/);
  return parts.map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
