import { useMemo, useState } from 'react';
import type { Json } from '../../main/contract/http.ts';
import type { KeptBody } from '../../main/contract/trace.ts';
import classes from './code-block.module.css';
import { CodeBlock, type CodeBlockProps, ShowAll } from './code-block.tsx';
import { CopyButton } from './copy-button.tsx';
import { formatBytes, showControls } from './format.ts';
import { tokenizeJson } from './json-tokens.ts';

/** Colouring makes an element a token, so it stops here; the text itself goes on after "Show all". */
const MAX_COLOURED = 20_000;

export interface JsonViewProps extends Omit<CodeBlockProps, 'text'> {
  readonly value: Json;
}

/** A JSON value, indented and coloured. Keys keep their order. */
export function JsonView({
  value,
  maxHeight,
  wrap = true,
  copyLabel = 'Copy JSON',
  bare = false,
}: JsonViewProps) {
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  const tokens = useMemo(() => tokenizeJson(text.slice(0, MAX_COLOURED)), [text]);
  const [whole, setWhole] = useState(false);
  if (whole)
    return (
      <CodeBlock text={text} copyLabel={copyLabel} wrap={wrap} bare={bare} maxHeight={maxHeight ?? '70vh'} />
    );
  return (
    <div className={classes.block} data-bare={bare || undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className={classes.text} data-wrap={wrap || undefined} style={{ maxHeight }} tabIndex={0}>
        {tokens.map((token, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no identity and never move
          <span key={index} className={token.kind === 'plain' ? undefined : classes[token.kind]}>
            {showControls(token.text)}
          </span>
        ))}
      </pre>
      {text.length > MAX_COLOURED && (
        <ShowAll hidden={text.length - MAX_COLOURED} onShow={() => setWhole(true)} />
      )}
      <span className={classes.copy}>
        <CopyButton text={text} label={copyLabel} />
      </span>
    </div>
  );
}

/** A body as a trace or an answer keeps it: JSON coloured, text as it is, and a line where it was cut. */
export function BodyView({ body, maxHeight }: { body: KeptBody | null; maxHeight?: string | number }) {
  if (body === null || body.bytes === 0) return <p className={classes.none}>No body.</p>;
  const size = maxHeight === undefined ? {} : { maxHeight };
  return (
    <>
      {body.json === undefined ? (
        <CodeBlock text={body.text ?? ''} wrap {...size} />
      ) : (
        <JsonView value={body.json} {...size} />
      )}
      {body.truncated && <p className={classes.none}>Cut: the whole body had {formatBytes(body.bytes)}.</p>}
    </>
  );
}
