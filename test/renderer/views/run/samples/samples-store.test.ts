import { beforeEach, describe, expect, it } from 'vitest';
import type { Sample, SampleList } from '../../../../../main/contract/sample.ts';
import { choose } from '../../../../../renderer/state/app/ui.ts';
import { bodyOf, isSameBody, writeBody } from '../../../../../renderer/views/run/form/run-body.ts';
import { chooseSample, runChoices } from '../../../../../renderer/views/run/form/run-choices.ts';
import { sentBodies } from '../../../../../renderer/views/run/form/sent-bodies.ts';
import {
  confirmSampleDialog,
  nameSample,
  openSampleDialog,
  resetSamples,
  sampleDialog,
  sampleProblem,
  saveBody,
} from '../../../../../renderer/views/run/samples/sample-actions.ts';
import {
  chosenOf,
  loadSamples,
  openBody,
  openSample,
  receiveSamples,
  standingOf,
} from '../../../../../renderer/views/run/samples/samples-store.ts';
import { Refusal, stubBridge } from '../../../support/stub-bridge.ts';

const sample = (name: string, text: string, revision = `r:${text}`): Sample => ({
  ...{ name, text, revision },
  problem: null,
});
const listOf = (...samples: Sample[]): SampleList => ({ plugin: 'echo', samples, notice: null });
const ready = (value: SampleList) => ({ state: 'ready', value, at: 0 }) as const;

beforeEach(() => {
  resetSamples();
  choose({ runBodies: {} });
  chooseSample('echo', null);
  sentBodies.setState({ byPlugin: {} });
});

describe('standingOf', () => {
  const chosen = { name: 'a', revision: 'r1' };
  const list = ready(listOf(sample('a', '{\n  "n": 1\n}', 'r1')));

  it.each([
    ['none', '{}', undefined, list],
    ['same', '{"n":1}', chosen, list],
    ['same', 'anything', chosen, undefined],
    ['edited', '{"n":2}', chosen, list],
    ['edited', '{"n":1', chosen, list],
    ['changed', '{"n":2}', { name: 'a', revision: 'r0' }, list],
    ['gone', '{"n":1}', { name: 'b', revision: 'r1' }, list],
  ] as const)('is %s for %s', (kind, body, of, known) => {
    expect(standingOf(body, of, known)).toMatchObject({ kind });
  });

  it('distinguishes 1.0 from 1 and ignores whitespace', () => {
    expect(isSameBody('{"n":1}', '{ "n" : 1 }')).toBe(true);
    expect(isSameBody('{"n":1}', '{"n":1.0}')).toBe(false);
    expect(isSameBody('{oops', '{oops')).toBe(true);
  });
});

describe('receiving a list', () => {
  it('updates an unedited body and leaves an edited one alone', () => {
    receiveSamples(listOf(sample('a', '1')));
    openSample('echo', sample('a', '1'));
    receiveSamples(listOf(sample('a', '2')));
    expect([bodyOf('echo'), chosenOf('echo')]).toEqual(['2', { name: 'a', revision: 'r:2' }]);
    writeBody('echo', '"mine"');
    receiveSamples(listOf(sample('a', '3')));
    expect([bodyOf('echo'), chosenOf('echo')?.revision]).toEqual(['"mine"', 'r:2']);
    expect(standingOf('"mine"', chosenOf('echo'), ready(listOf(sample('a', '3')))).kind).toBe('changed');
  });

  it('shows a failure to load', async () => {
    stubBridge({
      samples() {
        throw new Refusal('FORBIDDEN', 'echo/samples is a link');
      },
    });
    await loadSamples('echo');
    const { samplesStore } = await import('../../../../../renderer/views/run/samples/samples-store.ts');
    expect(samplesStore.getState().byPlugin.get('echo')).toMatchObject({
      state: 'failed',
      error: { message: 'echo/samples is a link' },
    });
  });
});

describe('opening', () => {
  it('retains an unsent body that is stored nowhere else', () => {
    receiveSamples(listOf(sample('a', '1'), sample('b', '2')));
    writeBody('echo', '{"written": true}');
    openSample('echo', sample('a', '1'));
    openSample('echo', sample('b', '2'));
    openBody('echo', '{}');
    expect(sentBodies.getState().byPlugin.echo).toEqual(['{"written": true}']);
    expect(chosenOf('echo')).toBeUndefined();
  });
});

describe('saving', () => {
  it('asks for a name first, then overwrites that file only', async () => {
    const stub = stubBridge({ saveSample: ({ name, body }) => listOf(sample(name, body)) });
    writeBody('echo', '{"n":1}');
    await saveBody('echo');
    expect(sampleDialog.getState().dialog).toEqual({ kind: 'save-as', plugin: 'echo' });
    nameSample('first');
    await confirmSampleDialog();
    expect(sampleDialog.getState().dialog).toBeNull();
    writeBody('echo', '{"n":2}');
    await saveBody('echo');
    expect(stub.calls.map(({ argument }) => argument)).toEqual([
      { plugin: 'echo', name: 'first', body: '{"n":1}', replaces: null },
      { plugin: 'echo', name: 'first', body: '{"n":2}', replaces: 'r:{"n":1}' },
    ]);
    expect(chosenOf('echo')).toEqual({ name: 'first', revision: 'r:{"n":2}' });
  });

  it('asks before replacing a file that changed on disk', async () => {
    let revision = 'r:disk';
    const stub = stubBridge({
      saveSample({ name, body, replaces }) {
        if (replaces !== revision) throw new Refusal('CONFLICT', 'changed on disk');
        revision = 'r:mine';
        return listOf(sample(name, body, revision));
      },
      samples: () => listOf(sample('a', '"disk"', revision)),
    });
    receiveSamples(listOf(sample('a', '1', 'r:old')));
    chooseSample('echo', { name: 'a', revision: 'r:old' });
    writeBody('echo', '"mine"');
    await saveBody('echo');
    expect(sampleDialog.getState().dialog).toEqual({ kind: 'changed', plugin: 'echo', name: 'a' });
    expect(bodyOf('echo')).toBe('"mine"');
    await confirmSampleDialog();
    expect(sampleDialog.getState()).toMatchObject({ dialog: null, refusal: null });
    expect(stub.calls.filter(({ name }) => name === 'saveSample')).toHaveLength(2);
    expect(chosenOf('echo')).toEqual({ name: 'a', revision: 'r:mine' });
  });

  it('does not send a body that is not JSON', async () => {
    const stub = stubBridge({});
    chooseSample('echo', { name: 'a', revision: 'r' });
    writeBody('echo', '{oops');
    await saveBody('echo');
    expect(stub.calls).toEqual([]);
  });

  it('reports an invalid name, and shows a refusal until the name changes', async () => {
    receiveSamples(
      listOf(sample('a', '1'), { name: 'big', text: null, revision: null, problem: 'Too large' }),
    );
    openSampleDialog({ kind: 'rename', plugin: 'echo', name: 'a' });
    const problem = () => sampleProblem(sampleDialog.getState());
    expect(problem()).toBeNull();
    nameSample('big');
    expect(problem()).toContain('already exists');
    nameSample('a/b');
    expect(problem()).toContain('letters, digits');
    stubBridge({
      renameSample() {
        throw new Refusal('CONFLICT', 'taken meanwhile');
      },
      samples: () => listOf(sample('a', '1')),
    });
    nameSample('c');
    await confirmSampleDialog();
    expect(problem()).toBe('taken meanwhile');
    nameSample('d');
    expect(problem()).toBeNull();
    openSampleDialog({ kind: 'save-as', plugin: 'echo' });
    receiveSamples(listOf({ name: 'big', text: null, revision: null, problem: 'Too large' }));
    nameSample('big');
    expect(problem()).toContain('can’t be replaced: Too large');
  });

  it('updates the selected sample on rename and delete', async () => {
    stubBridge({
      renameSample: ({ to }) => listOf(sample(to, '1')),
      deleteSample: () => listOf(),
    });
    receiveSamples(listOf(sample('a', '1')));
    openSample('echo', sample('a', '1'));
    openSampleDialog({ kind: 'rename', plugin: 'echo', name: 'a' });
    nameSample('b');
    await confirmSampleDialog();
    expect(chosenOf('echo')).toEqual({ name: 'b', revision: 'r:1' });
    openSampleDialog({ kind: 'delete', plugin: 'echo', name: 'b' });
    await confirmSampleDialog();
    expect(runChoices.getState().samples).toEqual({});
    expect(bodyOf('echo')).toBe('1');
  });
});
