import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';

export interface JsonEditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Ctrl/Cmd+Enter. */
  readonly onSubmit?: () => void;
  /** For screen readers. */
  readonly label: string;
  /** CSS length; by default it fills its parent. */
  readonly height?: string;
  readonly readOnly?: boolean;
}

const Editor = lazy(async () => ({
  default: (await import('./json-editor-codemirror.tsx')).JsonEditorCodeMirror,
}));

/** An editor for JSON with linting; its code is fetched when it is first shown. */
export function JsonEditor(props: JsonEditorProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? '100%'} radius="md" />}>
      <Editor {...props} />
    </Suspense>
  );
}
