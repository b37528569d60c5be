import { get } from 'node:http';
import { send } from './http.mjs';

/** The Inspector below its secret address, as a browser's page uses it. */
export function createInspector(uiUrl) {
  const base = uiUrl.replace(/ui\/$/, '');

  /** @returns the answer's value. @throws with the code of an error */
  async function call(name, argument = null) {
    const { text } = await send(`${base}call/${name}`, { body: JSON.stringify(argument) });
    const result = JSON.parse(text);
    if (!result.ok) throw new Error(`the Inspector's ${name} answered ${text.slice(0, 300)}`);
    return result.value;
  }

  /** A stream of events. `onEnd` is not called once it is closed by `close`. */
  function listen(onEvent, onEnd = () => undefined) {
    return new Promise((resolve, reject) => {
      const request = get(`${base}events`, { agent: false });
      request.once('error', reject);
      request.once('response', (response) => {
        let isOver = false;
        const end = () => {
          if (!isOver) onEnd();
          isOver = true;
        };
        response.on('error', end).once('close', end);
        readEvents(response, onEvent);
        const close = () => {
          isOver = true;
          request.destroy();
        };
        resolve({ close });
      });
    });
  }

  return { call, listen };
}

function readEvents(response, onEvent) {
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    const parts = (text + chunk).split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
      if (name !== undefined) onEvent(name, JSON.parse(data));
    }
  });
}
