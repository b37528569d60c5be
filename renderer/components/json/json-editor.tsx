import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { JsonEditorProps } from './json-editor-props.ts';

const Editor = lazy(async () => ({
  default: (await import('./json-editor-codemirror.tsx')).JsonEditorCodeMirror,
}));

/** A JSON editor with linting; its code is loaded when it is first shown. */
export function JsonEditor(props: JsonEditorProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? '100%'} radius="md" />}>
      <Editor {...props} />
    </Suspense>
  );
}
