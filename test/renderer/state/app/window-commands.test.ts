import { expect, it, onTestFinished, vi } from 'vitest';
import { stubStores } from '../../support/stub-stores.ts';

function begin() {
  const stub = stubStores({}, { hash: '/overview' });
  onTestFinished(stub.stores.windowCommands.start());
  const run = vi.fn();
  const offer = (id: string) => stub.stores.commands.register(() => [{ id, title: id, group: 'Run', run }]);
  return { ...stub, run, offer };
}

it('runs the command of that id', async () => {
  const { emit, run, offer } = begin();
  offer('other');
  offer('run.send');
  emit('command', { name: 'do', id: 'run.send' });
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(1));
});

it('opens the screen it belongs to, and runs it once the screen offers it', async () => {
  const { emit, run, offer, page } = begin();
  emit('command', { name: 'do', id: 'traces.find', screen: 'traces' });
  expect(page.hash()).toBe('/traces');
  offer('other');
  offer('traces.find');
  offer('another');
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(1));
});

it('gives up on a command that nothing offers', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { emit, run, offer } = begin();
  emit('command', { name: 'do', id: 'late' });
  await vi.advanceTimersByTimeAsync(1_000);
  offer('late');
  await vi.advanceTimersByTimeAsync(0);
  expect(run).not.toHaveBeenCalled();
});
