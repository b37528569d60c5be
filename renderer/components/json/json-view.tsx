import { useMemo } from 'react';
import type { Json } from '../../../main/contract/http.ts';
import type { StoredBody } from '../../../main/contract/trace.ts';
import { bodyJson, prettyBody } from '../../state/traces/stored-body.ts';
import classes from '../text/code-block.module.css';
import { Block, CodeBlock, type CodeBlockProps } from '../text/code-block.tsx';
import { withHidden } from '../text/foreign-text.tsx';
import { formatBytes } from '../text/format.ts';
import { tokenizeJson } from './json-tokens.ts';

export interface JsonViewProps extends Omit<CodeBlockProps, 'text'> {
  readonly value: Json;
}

/** A JSON value, indented and coloured. Keys keep their order. */
export function JsonView({ value, ...rest }: JsonViewProps) {
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  return <JsonTextView text={text} {...rest} />;
}

/** JSON that is indented already, coloured. */
export function JsonTextView({ text, wrap = true, copyLabel = 'Copy JSON', ...rest }: CodeBlockProps) {
  return <Block text={text} show={showJson} wrap={wrap} copyLabel={copyLabel} {...rest} />;
}

function showJson(piece: string) {
  return <JsonPiece text={piece} />;
}

function JsonPiece({ text }: { readonly text: string }) {
  const tokens = useMemo(() => tokenizeJson(text), [text]);
  return (
    <bdi>
      {tokens.map((token, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no identity and never move
        <span key={index} className={token.kind === 'plain' ? undefined : classes[token.kind]}>
          {withHidden(token.text)}
        </span>
      ))}
    </bdi>
  );
}

/**
 * A body as stored in a trace or a response: JSON coloured, text as it is, and a note where it was truncated.
 */
export function BodyView({ body, maxHeight }: { body: StoredBody | null; maxHeight?: string | number }) {
  const [isJson, text] = useMemo(
    () => (body === null ? [false, ''] : [bodyJson(body) !== undefined, prettyBody(body)]),
    [body],
  );
  if (body === null || body.bytes === 0) return <p className={classes.none}>No body.</p>;
  const size = maxHeight === undefined ? {} : { maxHeight };
  return (
    <>
      {isJson ? <JsonTextView text={text} {...size} /> : <CodeBlock text={body.text ?? ''} wrap {...size} />}
      {body.truncated && (
        <p className={classes.none}>Truncated: the whole body has {formatBytes(body.bytes)}.</p>
      )}
    </>
  );
}
