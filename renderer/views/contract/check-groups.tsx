import { Collapse } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConformanceReport } from '../../../main/contract/conformance.ts';
import { showControls } from '../../components/format.ts';
import { VerdictMark } from '../../components/mark.tsx';
import { CheckRow } from './check-row.tsx';
import { type CheckGroup, groupChecks, headline, isHeaderGroup } from './contract-model.ts';
import classes from './contract-screen.module.css';
import { HeaderTable } from './header-table.tsx';

/** The groups of a report; those that are all green start folded, but for the header checks. */
export function CheckGroups({ report }: { readonly report: ConformanceReport }) {
  return (
    <>
      {groupChecks(report.checks).map((group) => (
        <Group key={group.name} group={group} />
      ))}
    </>
  );
}

function Group({ group }: { readonly group: CheckGroup }) {
  const headers = isHeaderGroup(group);
  const [open, setOpen] = useState(!group.green || headers);
  return (
    <section className={classes.group} aria-label={group.name}>
      <button type="button" className={classes.groupHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={15} aria-hidden className={classes.chevron} data-open={open || undefined} />
        <span className={classes.groupName}>{showControls(group.name)}</span>
        <VerdictMark
          verdict={group.green ? (group.counts.passed > 0 ? 'passed' : 'skipped') : 'failed'}
          word={headline(group.checks)}
        />
      </button>
      <Collapse expanded={open} transitionDuration={120}>
        {headers ? (
          <HeaderTable checks={group.checks} />
        ) : (
          <ul className={classes.checks}>
            {group.checks.map((check) => (
              <CheckRow key={check.id} check={check} />
            ))}
          </ul>
        )}
      </Collapse>
    </section>
  );
}
