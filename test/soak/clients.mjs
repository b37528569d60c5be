/** The clients of the soak: each does one kind of thing again and again, and knows what must come back. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { send, sendBytes, sign } from './http.mjs';
import { answersWith, failsWith, jsonOf } from './ledger.mjs';
import { BIG, EDITED, save } from './plugins.mjs';

const LIVE_WITHIN_MS = 30_000;

/**
 * @param {object} run
 * @param {string} run.url
 * @param {string} run.plugins  the watched folder
 * @param {string} run.secret   of the tokens
 * @param {string[]} run.languages  `js` and, where there is a Python, `py`
 * @returns {{clients: {steps: number, gap: number, step: (n: number) => Promise<unknown>}[],
 *   heal: () => Promise<void>}} `gap`: between two steps of a client, as a multiple of the pace
 */
export function createClients(run) {
  const { ledger, inspector, languages } = run;
  let last = 0;
  const nextNumber = () => {
    last += 1;
    return last;
  };

  async function execute(kind, plugin, order, check) {
    const { fields = {}, user = 'dev-user', ...how } = order;
    const n = nextNumber();
    const url = `${run.url}/api/execute/${plugin}`;
    const request = { body: JSON.stringify({ n, user_id: 'evil', ...fields }), ...how };
    const answer = await ledger.note(kind, () => send(url, request), check({ n, user }));
    if (answer !== null) run.witness.answer(answer);
    return answer;
  }

  const language = (n) => languages[n % languages.length];
  const edited = EDITED.filter(({ file }) => languages.includes('py') || !file.endsWith('.py'));
  const editors = edited.map((subject) => createEditor(subject, { ...run, execute }));
  const users = ['user-1', 'user-2'].map((user) => ({
    user,
    token: sign(run.secret, { sub: user, user_id: user, exp: Math.floor(Date.now() / 1_000) + 86_400 }),
  }));

  const clients = [
    ...editors.flatMap(({ edit, ask }) => [
      { gap: 8, step: edit },
      { gap: 1, step: (n) => ask(n % 3 === 2 ? {} : users[n % 3]) },
    ]),
    { gap: 1, step: (n) => callCalm(n, `calm_${language(n)}`, execute) },
    { gap: 2, step: (n) => leave(n, `calm_${language(n)}`, execute) },
    { gap: 4, step: (n) => readSlowly(n, `calm_${language(n)}`, execute) },
    { gap: 2, step: (n) => refuse(n, { execute, token: users[0].token }) },
    { gap: 1, step: (n) => hostileBytes(n, run) },
    { gap: 4, step: () => inspect(run) },
    ...languages.flatMap((one) => [
      { gap: 1, step: (n) => hang(n, `hanging_${one}`, execute) },
      { gap: 5, step: (n) => die(n, `dying_${one}`, { execute, inspector }) },
    ]),
  ];
  /** Every plugin serves a good version, in a process; those of the rough ones are new, without what they started. */
  const heal = async () => {
    for (const editor of editors) await editor.heal();
    for (const one of languages) {
      for (const kind of ['hanging', 'dying'])
        await inspector.call('restartPlugin', { name: `${kind}_${one}` });
    }
    for (const one of languages) {
      for (const kind of ['calm', 'hanging', 'dying']) await execute('answers', `${kind}_${one}`, {}, own);
    }
  };
  return { clients: clients.map((client) => ({ ...client, steps: 0 })), heal };
}

function answered() {
  return ({ status }) => (status === 200 ? null : 'not 200');
}

function own({ n, user }) {
  return answersWith({ v: 0, echo: n, user });
}

function oneOf(checks) {
  return (answer) => {
    const problems = checks.map((check) => check(answer));
    return problems.includes(null) ? null : problems.join(', ');
  };
}

const RESULTS = ['throw', 'error', 'invalid', 'print', undefined];

function callCalm(n, plugin, execute) {
  // The languages take turns by the lowest bit.
  const what = RESULTS[Math.floor(n / 2) % RESULTS.length];
  return execute('results and failures', plugin, { fields: { do: what } }, (sent) => calmAnswer(what, sent));
}

function leave(n, plugin, execute) {
  const order = { fields: { do: 'wait' }, leaveAfterMs: (n % 5) * 60 };
  return execute('clients that leave', plugin, order, answered);
}

function readSlowly(n, plugin, execute) {
  const order = { fields: { do: 'big' }, slow: n % 3 === 2 ? 'leaves' : 'whole' };
  return execute('slow readers', plugin, order, (sent) =>
    answersWith({ big: 'x'.repeat(BIG), echo: sent.n }),
  );
}

function calmAnswer(what, sent) {
  if (what === 'throw') return failsWith(500, 'PLUGIN_EXCEPTION', `Error executing plugin: thrown ${sent.n}`);
  if (what === 'error') return failsWith(500, 'OWN_CODE', `returned ${sent.n}`);
  if (what === 'invalid') return failsWith(500, 'PLUGIN_INVALID_RESULT', 'Plugin returned no JSON object: ');
  return own(sent);
}

/** What must be refused past the gate: with a trace. */
function refuse(n, { execute, token }) {
  const refusals = [
    ['calm_js', { token: `${token.slice(0, -4)}AAAA` }, failsWith(401, 'UNAUTHORIZED')],
    ['absent', {}, failsWith(404, 'NOT_FOUND')],
    ['calm_js', { body: '{"a":' }, failsWith(400, 'BAD_REQUEST')],
    ['calm_js', { body: '['.repeat(5_000) }, failsWith(400, 'BAD_REQUEST')],
    ['calm_js', { body: `"${'x'.repeat(1_000_000)}"` }, failsWith(413, 'PAYLOAD_TOO_LARGE')],
  ];
  const [plugin, order, check] = refusals[n % refusals.length];
  return execute('refusals', plugin, order, () => check);
}

/** Past its deadline, whether or not its event loop is blocked; the next call is answered. */
async function hang(n, plugin, execute) {
  const timedOut = failsWith(500, 'PLUGIN_TIMEOUT', 'Plugin execution timed out after');
  const what = n % 2 === 0 ? 'block' : 'never';
  await execute('hanging calls', plugin, { fields: { do: what } }, () => timedOut);
  await execute('calls after those', plugin, {}, own);
}

const DEATHS = ['exit', 'kill', 'garbage', 'later'];

/**
 * Before a third death would quarantine the plugin, it is reloaded. Garbage in descriptors that the process did
 * not open may end it, stop it or do nothing.
 */
async function die(n, plugin, { execute, inspector }) {
  const crashed = failsWith(500, 'PLUGIN_CRASHED', `Plugin '${plugin}' crashed: `);
  const timedOut = failsWith(500, 'PLUGIN_TIMEOUT');
  const what = DEATHS[n % DEATHS.length];
  await execute('dying calls', plugin, { fields: { do: what } }, (sent) =>
    what === 'garbage' ? oneOf([own(sent), crashed, timedOut]) : crashed,
  );
  if (n % 2 === 1) await inspector.call('reloadPlugin', { name: plugin });
  await execute('calls after those', plugin, {}, own);
}

/** Answers are those of a version that could serve: not older than one seen to, not newer than the last save. */
function createEditor({ plugin, file, source, broken }, { plugins, execute, inspector, ledger }) {
  const folder = join(plugins, plugin);
  let [oldest, newest, saves] = [0, 0, 0];

  const ask = (by) => {
    const from = oldest;
    return execute('answers', plugin, by, ({ n, user }) => (answer) => {
      const v = jsonOf(answer.text)?.v;
      if (!(v >= from && v <= newest)) return `no version of ${from} to ${newest}`;
      return answersWith({ v, echo: n, user })(answer);
    });
  };

  async function until(isThere, words) {
    const end = performance.now() + LIVE_WITHIN_MS;
    while (!(await isThere())) {
      if (performance.now() > end) throw new Error(`${words} within ${LIVE_WITHIN_MS / 1_000} s`);
      await delay(100);
    }
  }

  async function saveBroken(atomic) {
    save(folder, file, broken, { atomic });
    const failed = async () => {
      const { plugins: all } = await inspector.call('snapshot');
      return all.find(({ name }) => name === plugin)?.status === 'failed';
    };
    await until(failed, `a broken ${plugin} is not shown as failed`);
  }

  async function saveGood(atomic) {
    newest += 1;
    save(folder, file, source(newest), { atomic });
    const answers = async () => {
      const answer = await ask({});
      return answer !== null && jsonOf(answer.text)?.v === newest;
    };
    await until(answers, `version ${newest} of ${plugin} does not answer`);
    oldest = newest;
  }

  const edit = () => {
    saves += 1;
    const atomic = saves % 2 === 0;
    const [kind, work] = saves % 3 === 0 ? ['broken saves', saveBroken] : ['saves', saveGood];
    return ledger.note(kind, () => work(atomic));
  };
  return { edit, ask, heal: () => saveGood(false) };
}

/** None of these gets past the gate. */
async function hostileBytes(n, { url, ledger }) {
  const { host } = new URL(url);
  const post = `POST /api/execute/calm_js HTTP/1.1\r\nHost: ${host}\r\n`;
  const attacks = [
    [400, 'garbage\r\n\r\n'],
    [400, randomBytes(300)],
    [405, `TRACE /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`],
    [405, `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    [431, `GET /health HTTP/1.1\r\nHost: ${host}\r\nA: ${'a'.repeat(17 * 1024)}\r\n\r\n`],
    [400, `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`],
    [
      403,
      `POST /api/execute/calm_js HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
    ],
    [403, `${post}Origin: https://evil.example\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`],
    [200, `${`GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(5)}\x00\r\n\r\n`],
    [null, `${post}Content-Length: 100\r\n\r\n{"a`],
  ];
  const [status, bytes] = attacks[n % attacks.length];
  const exchange = async () => {
    const received = await sendBytes(url, bytes, { leaves: status === null });
    return status === null ? null : firstAnswer(received);
  };
  await ledger.note('hostile bytes', exchange, (answer) =>
    answer.status === status ? null : `not ${status}`,
  );
}

function firstAnswer(received) {
  const [head = '', text = ''] = received.split('\r\n\r\n');
  const lines = head.split('\r\n').slice(1);
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(': ')[0].toLowerCase(), line.split(': ')[1]]),
  );
  return { status: Number(head.split(' ')[1]), headers, text };
}

/** A page that looks at its screens, listens, and is closed. */
async function inspect({ inspector, ledger }) {
  const look = async () => {
    const stream = await inspector.listen(() => undefined);
    await inspector.call('snapshot');
    await inspector.call('traces', { limit: 200, text: 'evil' });
    await inspector.call('refusals');
    stream.close();
  };
  await ledger.note('pages of the Inspector', look);
}
