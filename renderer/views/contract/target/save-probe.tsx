import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { PROBE_LANGUAGES } from '../../../../main/contract/conformance.ts';
import { LANGUAGE_NAMES } from '../../../../main/contract/plugin-view.ts';
import { plural } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import type { ShownClause } from '../../../state/contract/contract-model.ts';
import classes from '../contract-screen.module.css';

export const PROBE_PURPOSE =
  'Copy it into the target’s plugins folder; its first lines explain how. It returns what it receives, and waits or fails on request. Without it, what a plugin receives cannot be checked.';

export function ProbeButtons() {
  const { contractTarget } = useStores();
  return PROBE_LANGUAGES.map((language) => (
    <Button
      key={language}
      leftSection={<IconDownload size={14} />}
      onClick={() => contractTarget.saveProbe(language)}
    >
      {LANGUAGE_NAMES[language]}
    </Button>
  ));
}

/** How many clauses need the probe plugin, and how to install it. */
export function ProbeMissing({ rows }: { readonly rows: readonly ShownClause[] }) {
  const skipped = rows.filter(
    ({ state, check }) => state === 'skipped' && check?.skipCode === 'probe-missing',
  );
  if (skipped.length === 0) return null;
  return (
    <div className={classes.banner}>
      <strong>{plural(skipped.length, 'clause')} skipped: probe plugin not installed</strong>
      <p>{PROBE_PURPOSE}</p>
      <div>
        <ProbeButtons />
      </div>
    </div>
  );
}
