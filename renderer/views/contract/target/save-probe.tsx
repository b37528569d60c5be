import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { PROBE_LANGUAGES } from '../../../../main/contract/conformance.ts';
import { LANGUAGE_NAMES } from '../../../../main/contract/plugin-view.ts';
import { plural } from '../../../components/text/format.ts';
import { saveProbe } from '../../../state/contract/contract-target.ts';
import type { ShownClause } from '../checks/contract-model.ts';
import classes from '../contract-screen.module.css';

/** What the probe plugin is for. */
export const PROBE_PURPOSE =
  'Put it into the plugins’ folder there; its first lines say how. It answers with what it was given, and waits or fails when told to: without it, what a plugin gets can’t be judged.';

export function ProbeButtons() {
  return PROBE_LANGUAGES.map((language) => (
    <Button key={language} leftSection={<IconDownload size={14} />} onClick={() => saveProbe(language)}>
      {LANGUAGE_NAMES[language]}
    </Button>
  ));
}

/** What could not be judged for want of the probe plugin, and how to mend that. */
export function ProbeMissing({ rows }: { readonly rows: readonly ShownClause[] }) {
  const wanting = rows.filter(
    ({ state, check }) => state === 'skipped' && check?.reason.includes('contract-probe'),
  );
  if (wanting.length === 0) return null;
  return (
    <div className={classes.banner}>
      <strong>{plural(wanting.length, 'clause')} skipped for want of the probe plugin</strong>
      <p>{PROBE_PURPOSE}</p>
      <div>
        <ProbeButtons />
      </div>
    </div>
  );
}
