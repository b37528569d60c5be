import { EventEmitter, getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { waitAtMost, waitForEvent } from '../../main/system/wait.ts';

function source() {
  const emitter = new EventEmitter();
  const subscribe = (listener: (value: number) => void) => {
    emitter.on('value', listener);
    return () => emitter.off('value', listener);
  };
  return { emitter, subscribe, count: () => emitter.listenerCount('value') };
}

describe('waitForEvent', () => {
  it('resolves with the first accepted value and stops listening', async () => {
    const { emitter, subscribe, count } = source();
    const waiting = waitForEvent(subscribe, { accept: (value) => value > 1 });
    emitter.emit('value', 1);
    expect(count()).toBe(1);
    emitter.emit('value', 2);
    emitter.emit('value', 3);
    expect(await waiting).toBe(2);
    expect(count()).toBe(0);
  });

  it('takes what is already so, and still unsubscribes', async () => {
    const unsubscribe = vi.fn();
    const value = await waitForEvent<string>((listener) => {
      listener('now');
      return unsubscribe;
    });
    expect(value).toBe('now');
    expect(unsubscribe).toHaveBeenCalledOnce();
  });

  it('rejects with a TimeoutError when nothing comes in time', async () => {
    const { subscribe, count } = source();
    await expect(waitForEvent(subscribe, { timeoutMs: 5 })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(count()).toBe(0);
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers();
    try {
      await waitForEvent<number>(
        (listener) => {
          listener(1);
          return () => undefined;
        },
        { timeoutMs: 60_000 },
      );
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('rejects with the signal’s reason and listens to nothing any more', async () => {
    const { subscribe, count } = source();
    const controller = new AbortController();
    const waiting = waitForEvent(subscribe, { signal: controller.signal });
    controller.abort(new Error('superseded'));
    await expect(waiting).rejects.toThrow('superseded');
    expect(count()).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('does not even subscribe for a signal that is aborted already', async () => {
    const subscribe = vi.fn();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(waitForEvent(subscribe, { signal })).rejects.toThrow('too late');
    expect(subscribe).not.toHaveBeenCalled();
  });

  it('rejects with what `subscribe` or `accept` throws', async () => {
    const fail = () => {
      throw new Error('broken');
    };
    await expect(waitForEvent(fail)).rejects.toThrow('broken');
    const { emitter, subscribe, count } = source();
    const waiting = waitForEvent(subscribe, { accept: fail });
    emitter.emit('value', 1);
    await expect(waiting).rejects.toThrow('broken');
    expect(count()).toBe(0);
  });
});

describe('waitAtMost', () => {
  it('tells whether the work settled in time', async () => {
    expect(await waitAtMost(Promise.resolve('x'), 1_000)).toBe(true);
    expect(await waitAtMost(new Promise(() => undefined), 5)).toBe(false);
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers();
    try {
      await waitAtMost(Promise.resolve(), 60_000);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('rejects as the work does', async () => {
    await expect(waitAtMost(Promise.reject(new Error('failed')), 1_000)).rejects.toThrow('failed');
  });
});
