import { onTestFinished, vi } from 'vitest';
import { startRouting } from '../../../renderer/state/app/ui.ts';

/** A page with only an address: enough for routing, gone when the test is over. Starts at `hash`, without its `#`. */
export function stubPage(hash: string): { readonly hash: () => string } {
  const events = new EventTarget();
  let current = `#${hash}`;
  const changed = () => events.dispatchEvent(new Event('hashchange'));
  const location = {
    get hash() {
      return current;
    },
    set hash(next: string) {
      current = next.startsWith('#') ? next : `#${next}`;
      changed();
    },
  };
  vi.stubGlobal('HashChangeEvent', Event);
  vi.stubGlobal('window', {
    location,
    history: {
      replaceState(_state: unknown, _title: string, url: string) {
        current = url;
      },
    },
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    dispatchEvent: changed,
  });
  const stop = startRouting();
  onTestFinished(() => {
    stop();
    vi.unstubAllGlobals();
  });
  return { hash: () => current.slice(1) };
}
