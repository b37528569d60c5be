import { describe, expect, it } from 'vitest';
import type { Sample, SampleList } from '../../../../main/contract/sample.ts';
import { sampleProblem } from '../../../../renderer/state/run/sample-dialog.ts';
import { sampleStatus } from '../../../../renderer/state/run/samples-store.ts';
import { type Answers, Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const sample = (name: string, text: string, revision = `r:${text}`): Sample => ({
  name,
  text,
  revision,
  problem: null,
});
const listOf = (...samples: Sample[]): SampleList => ({ plugin: 'echo', samples, notice: null });
const ready = (value: SampleList) => ({ state: 'ready', value, at: 0 }) as const;

function openSamples(answers: Answers = {}) {
  const stub = stubStores(answers);
  const { samples, sampleDialog, runForm } = stub.stores;
  return {
    ...stub,
    samples,
    sampleDialog,
    runForm,
    body: () => runForm.bodyOf('echo'),
    chosen: () => runForm.chosenSample('echo'),
    problem: () => sampleProblem(sampleDialog.store.getState(), samples.store.getState()),
  };
}

describe('sampleStatus', () => {
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
    expect(sampleStatus(body, of, known)).toMatchObject({ kind });
  });
});

describe('receiving a list', () => {
  it('updates an unedited body and leaves an edited one alone', () => {
    const { samples, runForm, body, chosen } = openSamples();
    samples.receive(listOf(sample('a', '1')));
    samples.open('echo', sample('a', '1'));
    samples.receive(listOf(sample('a', '2')));
    expect([body(), chosen()]).toEqual(['2', { name: 'a', revision: 'r:2' }]);
    runForm.writeBody('echo', '"mine"');
    samples.receive(listOf(sample('a', '3')));
    expect([body(), chosen()?.revision]).toEqual(['"mine"', 'r:2']);
    expect(sampleStatus('"mine"', chosen(), ready(listOf(sample('a', '3')))).kind).toBe('changed');
  });

  it('shows a failure to load', async () => {
    const { samples } = openSamples({
      samples() {
        throw new Refusal('FORBIDDEN', 'echo/samples is a link');
      },
    });
    await samples.load('echo');
    expect(samples.store.getState().byPlugin.get('echo')).toMatchObject({
      state: 'failed',
      error: { message: 'echo/samples is a link' },
    });
  });
});

describe('opening', () => {
  it('retains an unsent body that is stored nowhere else', () => {
    const { samples, runForm, chosen } = openSamples();
    samples.receive(listOf(sample('a', '1'), sample('b', '2')));
    runForm.writeBody('echo', '{"written": true}');
    samples.open('echo', sample('a', '1'));
    samples.open('echo', sample('b', '2'));
    samples.openBody('echo', '{}');
    expect(runForm.store.getState().sentBodies.echo).toEqual(['{"written": true}']);
    expect(chosen()).toBeUndefined();
  });
});

describe('saving', () => {
  it('asks for a name first, then overwrites that file only', async () => {
    const { sampleDialog, runForm, chosen, ...stub } = openSamples({
      saveSample: ({ name, body }) => listOf(sample(name, body)),
    });
    runForm.writeBody('echo', '{"n":1}');
    await sampleDialog.saveBody('echo');
    expect(sampleDialog.store.getState().dialog).toEqual({ kind: 'save-as', plugin: 'echo' });
    sampleDialog.setName('first');
    await sampleDialog.confirm();
    expect(sampleDialog.store.getState().dialog).toBeNull();
    runForm.writeBody('echo', '{"n":2}');
    await sampleDialog.saveBody('echo');
    expect(stub.calls.map(({ argument }) => argument)).toEqual([
      { plugin: 'echo', name: 'first', body: '{"n":1}', replaces: null },
      { plugin: 'echo', name: 'first', body: '{"n":2}', replaces: 'r:{"n":1}' },
    ]);
    expect(chosen()).toEqual({ name: 'first', revision: 'r:{"n":2}' });
  });

  it('asks before replacing a file that changed on disk', async () => {
    let revision = 'r:disk';
    const { samples, sampleDialog, runForm, body, chosen, ...stub } = openSamples({
      saveSample({ name, body, replaces }) {
        if (replaces !== revision) throw new Refusal('CONFLICT', 'changed on disk');
        revision = 'r:mine';
        return listOf(sample(name, body, revision));
      },
      samples: () => listOf(sample('a', '"disk"', revision)),
    });
    samples.receive(listOf(sample('a', '1', 'r:old')));
    runForm.chooseSample('echo', { name: 'a', revision: 'r:old' });
    runForm.writeBody('echo', '"mine"');
    await sampleDialog.saveBody('echo');
    expect(sampleDialog.store.getState().dialog).toEqual({ kind: 'changed', plugin: 'echo', name: 'a' });
    expect(body()).toBe('"mine"');
    await sampleDialog.confirm();
    expect(sampleDialog.store.getState()).toMatchObject({ dialog: null, refusal: null });
    expect(stub.calls.filter(({ name }) => name === 'saveSample')).toHaveLength(2);
    expect(chosen()).toEqual({ name: 'a', revision: 'r:mine' });
  });

  it('does not send a body that is not JSON', async () => {
    const { sampleDialog, runForm, ...stub } = openSamples();
    runForm.chooseSample('echo', { name: 'a', revision: 'r' });
    runForm.writeBody('echo', '{oops');
    await sampleDialog.saveBody('echo');
    expect(stub.calls).toEqual([]);
  });

  it('reports an invalid name, and shows a refusal until the name changes', async () => {
    const { samples, sampleDialog, problem, answers } = openSamples();
    samples.receive(
      listOf(sample('a', '1'), { name: 'big', text: null, revision: null, problem: 'Too large' }),
    );
    sampleDialog.open({ kind: 'rename', plugin: 'echo', name: 'a' });
    expect(problem()).toBeNull();
    sampleDialog.setName('big');
    expect(problem()).toContain('already exists');
    sampleDialog.setName('a/b');
    expect(problem()).toContain('letters, digits');
    answers.renameSample = () => {
      throw new Refusal('CONFLICT', 'taken meanwhile');
    };
    answers.samples = () => listOf(sample('a', '1'));
    sampleDialog.setName('c');
    await sampleDialog.confirm();
    expect(problem()).toBe('taken meanwhile');
    sampleDialog.setName('d');
    expect(problem()).toBeNull();
    sampleDialog.open({ kind: 'save-as', plugin: 'echo' });
    samples.receive(listOf({ name: 'big', text: null, revision: null, problem: 'Too large' }));
    sampleDialog.setName('big');
    expect(problem()).toContain('can’t be replaced: Too large');
  });

  it('updates the selected sample on rename and delete', async () => {
    const { samples, sampleDialog, runForm, body, chosen } = openSamples({
      renameSample: ({ to }) => listOf(sample(to, '1')),
      deleteSample: () => listOf(),
    });
    samples.receive(listOf(sample('a', '1')));
    samples.open('echo', sample('a', '1'));
    sampleDialog.open({ kind: 'rename', plugin: 'echo', name: 'a' });
    sampleDialog.setName('b');
    await sampleDialog.confirm();
    expect(chosen()).toEqual({ name: 'b', revision: 'r:1' });
    sampleDialog.open({ kind: 'delete', plugin: 'echo', name: 'b' });
    await sampleDialog.confirm();
    expect(runForm.store.getState().choices.samples).toEqual({});
    expect(body()).toBe('1');
  });
});
