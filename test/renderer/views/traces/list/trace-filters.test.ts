import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { navigate } from '../../../../../renderer/state/app/ui.ts';
import { NO_FILTERS, traceStore } from '../../../../../renderer/state/traces/trace-store.ts';
import { resetTraces, setTraceFilters } from '../../../../../renderer/state/traces/traces.ts';
import {
  clearFilters,
  readRemembered,
  startTraceFilters,
  writeFilters,
} from '../../../../../renderer/views/traces/list/trace-filters.ts';
import { stubBridge } from '../../../support/stub-bridge.ts';
import { stubPage } from '../../../support/stub-page.ts';

beforeEach(() => resetTraces());

function openTraces(hash: string) {
  stubBridge({ traces: () => ({ traces: [], matched: 0, kept: 0, dropped: 0 }) });
  const page = stubPage(hash);
  onTestFinished(startTraceFilters());
  onTestFinished(resetTraces);
  return page;
}

const filters = () => traceStore.getState().filters;

describe('filters in the address', () => {
  it('apply when the screen opens', () => {
    openTraces('/traces/abc?plugin=echo&outcome=timeout&text=dana');
    expect(filters()).toEqual({ plugin: 'echo', outcome: 'timeout', text: 'dana' });
  });

  it('are ignored when invalid', () => {
    openTraces('/traces?outcome=fine&plugin=');
    expect(filters()).toEqual(NO_FILTERS);
  });

  it('follow the selection, and keep the open trace', () => {
    const page = openTraces('/traces/abc');
    writeFilters({ plugin: 'echo' });
    writeFilters({ text: 'x' });
    expect(page.hash()).toBe('/traces/abc?plugin=echo&text=x');
    expect(filters()).toEqual({ plugin: 'echo', outcome: null, text: 'x' });
    clearFilters();
    expect(page.hash()).toBe('/traces/abc');
    expect(filters()).toEqual(NO_FILTERS);
  });

  it('are restored when the screen is opened without any', () => {
    stubBridge({ traces: () => ({ traces: [], matched: 0, kept: 0, dropped: 0 }) });
    setTraceFilters({ plugin: 'echo' });
    const page = openTraces('/traces');
    expect(page.hash()).toBe('/traces?plugin=echo');
    expect(filters().plugin).toBe('echo');
  });

  it('don’t change while another screen is open', () => {
    openTraces('/traces?plugin=echo');
    navigate('run');
    expect(filters().plugin).toBe('echo');
  });
});

describe('remembered filters', () => {
  it.each([null, 'x', 7, { plugin: 7, outcome: 'fine' }])('ignores %j', (stored) => {
    expect(readRemembered(stored)).toEqual(NO_FILTERS);
  });

  it('include plugin and outcome, never text', () => {
    expect(readRemembered({ plugin: 'echo', outcome: 'ok', text: 'x' })).toEqual({
      plugin: 'echo',
      outcome: 'ok',
      text: '',
    });
  });
});
