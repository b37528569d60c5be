import { useMemo } from 'react';
import type { Json } from '../../../../main/contract/http.ts';
import type { Trace } from '../../../../main/contract/trace.ts';
import { JsonView } from '../../../components/json/json-view.tsx';

/** The whole trace as it is stored. */
export function RawView({ trace }: { readonly trace: Trace }) {
  // A trace crossed the bridge as JSON, so this only satisfies the compiler; it runs when the tab is opened.
  const value = useMemo(() => JSON.parse(JSON.stringify(trace)) as Json, [trace]);
  return <JsonView value={value} copyLabel="Copy trace" />;
}
