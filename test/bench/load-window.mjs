/** What a window shows, does and is sent while a load runs. */

/** Starts collecting the times between frames in the page. */
export function startFrames(page) {
  return page.evaluate(() => {
    const frames = { deltas: [], last: performance.now(), running: true };
    const next = (now) => {
      frames.deltas.push(now - frames.last);
      frames.last = now;
      if (frames.running) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    window.benchFrames = frames;
  });
}

/** @returns {Promise<number[]>} milliseconds between frames since the start */
export function stopFrames(page) {
  return page.evaluate(() => {
    const { benchFrames } = window;
    benchFrames.running = false;
    return benchFrames.deltas.slice(1);
  });
}

/**
 * Counts, in the main process, what is sent to the window; counting in the page would cost what is measured.
 */
export function countEvents(app) {
  return app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0];
    const send = webContents.send.bind(webContents);
    globalThis.benchEvents = { batches: 0, traces: 0, others: 0 };
    webContents.send = (channel, event, payload) => {
      if (event === 'traces') {
        globalThis.benchEvents.batches += 1;
        globalThis.benchEvents.traces += payload.traces.length;
      } else globalThis.benchEvents.others += 1;
      send(channel, event, payload);
    };
  });
}

/** @returns {Promise<{batches: number, traces: number, others: number}>} since {@link countEvents} */
export function eventsSent(app) {
  return app.evaluate(() => ({ ...globalThis.benchEvents }));
}

export function setVisible(app, visible) {
  return app.evaluate(({ BrowserWindow }, show) => {
    const [window] = BrowserWindow.getAllWindows();
    if (show) window.show();
    else window.hide();
  }, visible);
}

/**
 * All executions the runtime says it has recorded: those it keeps and those it has dropped, which it counts.
 */
export async function recorded(page) {
  const { value } = await page.evaluate(() => window.workbench.call('traces', { limit: 1 }));
  return { total: value.kept + value.dropped, newest: value.traces[0]?.id ?? null };
}

/**
 * Waits until the list's first row is the newest trace, at most `limitMs`.
 * @returns {Promise<{isNewest: boolean, row: string, note: string}>} `note`: the counts as the screen shows
 * them
 */
export async function listAtEnd(page, newest, limitMs = 5_000) {
  const list = page.getByRole('listbox', { name: 'Traces' });
  const shown = list.locator(`#trace-row-${newest}`);
  await shown.waitFor({ timeout: limitMs }).catch(() => undefined);
  // Rows lie where their transform says, not in the order of the page.
  const { id, text } = await list.evaluate((element) => {
    const topOf = (row) => row.getBoundingClientRect().top;
    const rows = [...element.querySelectorAll('[role=option]')].sort((a, b) => topOf(a) - topOf(b));
    return { id: rows[0]?.id, text: rows[0]?.innerText.replaceAll('\n', ' ') ?? 'no row' };
  });
  return {
    isNewest: id === `trace-row-${newest}`,
    row: text,
    note: await page
      .getByRole('status', { name: 'Number of traces' })
      .innerText({ timeout: limitMs })
      .catch(() => 'no counts'),
  };
}
