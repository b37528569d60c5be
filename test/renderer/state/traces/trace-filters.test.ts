import { describe, expect, it, onTestFinished } from 'vitest';
import { NO_FILTERS } from '../../../../renderer/state/traces/traces-state.ts';
import { stubStores } from '../../support/stub-stores.ts';

function openTraces(hash: string, stored: Readonly<Record<string, unknown>> = {}) {
  const stub = stubStores(
    { traces: () => ({ traces: [], matched: 0, kept: 0, dropped: 0 }) },
    { hash, stored },
  );
  const { traces, traceFilters } = stub.stores;
  const open = () => onTestFinished(traceFilters.start());
  return { ...stub, ...stub.stores, open, filters: () => traces.store.getState().filters };
}

describe('filters in the address', () => {
  it('apply when the screen opens', () => {
    const { open, filters } = openTraces('/traces/abc?plugin=echo&outcome=timeout&text=dana');
    open();
    expect(filters()).toEqual({ plugin: 'echo', outcome: 'timeout', text: 'dana' });
  });

  it('are ignored when invalid', () => {
    const { open, filters } = openTraces('/traces?outcome=fine&plugin=');
    open();
    expect(filters()).toEqual(NO_FILTERS);
  });

  it('follow the selection, and keep the open trace', () => {
    const { page, open, filters, traceFilters } = openTraces('/traces/abc');
    open();
    traceFilters.write({ plugin: 'echo' });
    traceFilters.write({ text: 'x' });
    expect(page.hash()).toBe('/traces/abc?plugin=echo&text=x');
    expect(filters()).toEqual({ plugin: 'echo', outcome: null, text: 'x' });
    traceFilters.clear();
    expect(page.hash()).toBe('/traces/abc');
    expect(filters()).toEqual(NO_FILTERS);
  });

  it('are restored when the screen is opened without any', () => {
    const { page, open, filters, traces } = openTraces('/traces');
    traces.setFilters({ plugin: 'echo' });
    open();
    expect(page.hash()).toBe('/traces?plugin=echo');
    expect(filters().plugin).toBe('echo');
  });

  it('don’t change while another screen is open', () => {
    const { ui, open, filters } = openTraces('/traces?plugin=echo');
    open();
    ui.navigate('run');
    expect(filters().plugin).toBe('echo');
  });
});

describe('remembered filters', () => {
  const remembered = (stored: unknown) => {
    const { open, filters } = openTraces('/traces', { 'trace-filters': stored });
    open();
    return filters();
  };

  it.each([null, 'x', 7, { plugin: 7, outcome: 'fine' }])('ignores %j', (stored) => {
    expect(remembered(stored)).toEqual(NO_FILTERS);
  });

  it('include plugin and outcome, never text', () => {
    expect(remembered({ plugin: 'echo', outcome: 'ok', text: 'x' })).toEqual({
      plugin: 'echo',
      outcome: 'ok',
      text: '',
    });
  });

  it('are stored under the key of earlier versions, without the text', () => {
    const { open, traceFilters, page } = openTraces('/traces');
    open();
    traceFilters.write({ plugin: 'echo', text: 'x' });
    expect(page.stored.get('trace-filters')).toBe('{"plugin":"echo","outcome":null}');
  });
});
