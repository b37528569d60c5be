import { describe, expect, it } from 'vitest';
import { createChildListStore } from '../../../../renderer/state/traces/child-list-store.ts';

function open(childList: ReturnType<typeof createChildListStore>) {
  const { open: key, kind, folded, whole } = childList.store.getState();
  return { key, kind, folded, whole };
}

describe('the rows below the step run', () => {
  it('opens one row at a time, and closes the one that is open', () => {
    const childList = createChildListStore();
    childList.setOpen('child-0', true);
    childList.setOpen('child-1', true);
    expect(open(childList).key).toBe('child-1');
    childList.setOpen('child-0', false);
    expect(open(childList).key).toBe('child-1');
    childList.setOpen('child-1', false);
    expect(open(childList).key).toBeNull();
  });

  it('starts over for another trace, looked at in the same way', () => {
    const childList = createChildListStore();
    childList.follow('a');
    childList.setKind('http');
    childList.setFolded(true);
    childList.setOpen('child-0', true);
    childList.follow('a');
    expect(open(childList).key).toBe('child-0');
    childList.follow('b');
    expect(open(childList)).toEqual({ key: null, kind: 'http', folded: true, whole: false });
  });

  it('reveals a row that is folded away, filtered out or beyond the first few hundred', () => {
    const childList = createChildListStore();
    childList.setKind('http');
    childList.setFolded(true);
    childList.reveal('a', 'child-199');
    expect(open(childList)).toEqual({ key: 'child-199', kind: null, folded: false, whole: true });
  });
});
