import { createServer } from 'node:net';
import { Binary, deserialize, serialize } from 'bson';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DatabaseRequest } from '../../../main/database/engine/database.ts';
import { createScramServer } from '../../../main/database/wire/scram.ts';
import { WireServer } from '../../../main/database/wire/wire-server.ts';
import { listenOn } from '../../../main/system/ports.ts';
import { connectRaw, formatMessage, formatMsg, formatQuery, formatSequence, int32 } from './raw-client.ts';

const FIRST = {
  saslStart: 1,
  mechanism: 'SCRAM-SHA-256',
  payload: new Binary(Buffer.from('n,,n=workbench,r=a-nonce-of-the-tests')),
};
/** What would be one under the right number. */
const COMMAND = [int32(0), Buffer.from([0]), serialize({ ping: 1, $db: 'admin' })];
const PASSWORD = 'the-password-of-this-launch';

/** A server whose data is what a test says: it remembers what it was asked, and answers when it is let. */
async function startServer({ mostConnections }: { mostConnections?: number } = {}) {
  const asked: DatabaseRequest[] = [];
  const errors: unknown[] = [];
  const forgotten: number[] = [];
  let answering = Promise.resolve();
  const server = new WireServer({
    database: {
      async run(request) {
        asked.push(request);
        await answering;
        return serialize({ ok: 1, echo: request.name });
      },
      forget: (connection) => forgotten.push(connection),
    },
    account: { user: 'workbench', scram: createScramServer('workbench', PASSWORD) },
    mostConnections,
    onError: (error) => errors.push(error),
  });
  const listener = createServer((socket) => server.accept(socket));
  const port = await listenOn(listener, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    server.close();
    listener.close();
    expect(errors).toEqual([]);
  });
  const hold = () => {
    let release: () => void = () => undefined;
    answering = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  };
  const logIn = async () => {
    const client = await connectRaw(port);
    expect(await client.logIn('workbench', PASSWORD)).toMatchObject({ ok: 1, done: true });
    return client;
  };
  return { port, asked, forgotten, hold, logIn };
}

describe('before login', () => {
  it('L1: only what says nothing of the data is answered', async () => {
    const { port, asked } = await startServer();
    const client = await connectRaw(port);
    expect(await client.run({ hello: 1, saslSupportedMechs: 'admin.nobody' })).toMatchObject({
      isWritablePrimary: true,
      maxWireVersion: 21,
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      saslSupportedMechs: ['SCRAM-SHA-256'],
      ok: 1,
    });
    expect(await client.run({ isMaster: 1 })).toMatchObject({ ismaster: true });
    expect(await client.run({ buildInfo: 1 })).toMatchObject({
      version: '7.0.0',
      gitVersion: expect.stringContaining('not MongoDB'),
    });
    for (const command of ['ping', 'endSessions'])
      expect(await client.run({ [command]: 1 })).toEqual({ ok: 1 });
    for (const command of ['find', 'listDatabases', 'getLog', 'connectionStatus', 'constructor', '']) {
      expect(await client.run({ [command]: 1 })).toEqual({
        ok: 0,
        code: 13,
        codeName: 'Unauthorized',
        errmsg: `Command ${command} requires authentication`,
      });
    }
    expect(asked).toEqual([]);
  });

  it('L1: a wrong password, name, database or mechanism is refused, and the right one is not', async () => {
    const { port } = await startServer();
    const client = await connectRaw(port);
    expect(await client.run(FIRST)).toMatchObject({ ok: 1, done: false });
    const refused = { ok: 0, code: 18, codeName: 'AuthenticationFailed' };
    expect(await client.logIn('workbench', 'a-guess')).toMatchObject(refused);
    expect(await client.logIn('somebody', PASSWORD)).toMatchObject(refused);
    expect(await client.run({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: 'n,,' })).toMatchObject(
      refused,
    );
    expect(await client.run({ ...FIRST, $db: 'x' })).toMatchObject(refused);
    for (const mechanism of ['PLAIN', { toString: 1 }]) {
      expect(await client.run({ saslStart: 1, mechanism })).toMatchObject({ code: 334 });
    }
    expect(await client.run({ saslContinue: 1, conversationId: 1 })).toMatchObject({ code: 17 });
    expect(await client.run({ find: 'x' })).toMatchObject({ code: 13 });
    expect(await client.logIn('workbench', PASSWORD)).toMatchObject({ ok: 1, done: true });
    expect(await client.run({ find: 'x' })).toMatchObject({ ok: 1 });
    expect(await client.run({ logout: 1 })).toMatchObject({ ok: 1 });
    expect(await client.run({ find: 'x' })).toMatchObject({ code: 13 });
  });

  it('L2: a message over 64 KiB ends the connection as soon as it says so', async () => {
    const { port, logIn } = await startServer();
    const stranger = await connectRaw(port);
    stranger.send(int32(64 * 1024 + 1));
    await stranger.closed;
    const known = await logIn();
    const note = 'x'.repeat(1_000_000);
    expect(await known.run({ insert: 'x', note })).toMatchObject({ ok: 1 });
    known.send(int32(48_000_001));
    await known.closed;
  });

  it('L2: connections that nobody knows give way when there are too many', async () => {
    const { port, logIn } = await startServer({ mostConnections: 3 });
    const known = await logIn();
    const [first, second] = [await connectRaw(port), await connectRaw(port)];
    await Promise.all([first.run({ ping: 1 }), second.run({ ping: 1 })]);
    const others = [await logIn(), await logIn()];
    await Promise.all([first.closed, second.closed]);
    const refused = await connectRaw(port);
    await refused.closed;
    for (const client of [known, ...others]) expect(await client.run({ ping: 1 })).toEqual({ ok: 1 });
  });
});

describe('what is not the protocol', () => {
  it.each([
    ['HTTP', Buffer.from('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')],
    ['TLS', Buffer.from('160301020001000001fc0303', 'hex')],
    ['a length of none', int32(0)],
    ['a negative length', int32(-1)],
    ['a header alone', formatMessage(2013, 1, [])],
    ['an operation of old', formatMessage(2002, 1, COMMAND)],
    ['compression', formatMessage(2012, 1, COMMAND)],
    ['an unknown flag', formatMsg({ ping: 1, $db: 'x' }, { flags: 4 })],
    ['a section of kind 2', formatMsg({ ping: 1, $db: 'x' }, { sections: [Buffer.from([2, 0])] })],
    [
      'two commands',
      formatMsg({ ping: 1 }, { sections: [Buffer.from([0]), Buffer.from(serialize({ ping: 1 }))] }),
    ],
    ['no command', formatMessage(2013, 1, [int32(0), formatSequence('documents', [{}])])],
    [
      'a document that is too long',
      formatMessage(2013, 1, [int32(0), Buffer.from([0]), int32(900), Buffer.alloc(9)]),
    ],
    [
      'a document without an end',
      formatMessage(2013, 1, [int32(0), Buffer.from([0]), int32(6), Buffer.from([8, 8])]),
    ],
    [
      'a sequence that is too long',
      formatMsg({ ping: 1 }, { sections: [Buffer.from([1]), int32(99), Buffer.from('x\0')] }),
    ],
    [
      'a sequence without a name',
      formatMsg({ ping: 1 }, { sections: [Buffer.from([1]), int32(6), Buffer.from('xx')] }),
    ],
    ['a query without a document', formatMessage(2004, 1, [int32(0), Buffer.from('admin.$cmd\0'), int32(0)])],
    ['a query without a name', formatMessage(2004, 1, [int32(0), Buffer.from('admin')])],
  ])('L3: %s ends the connection without an answer', async (_title, bytes) => {
    const { port, asked } = await startServer();
    const client = await connectRaw(port);
    const heard: Buffer[] = [];
    client.socket.on('data', (chunk: Buffer) => heard.push(chunk));
    client.send(bytes);
    await client.closed;
    expect([heard, asked]).toEqual([[], []]);
  });

  it('L3: a command that is not BSON is an error, and the connection lives on', async () => {
    const { port } = await startServer();
    const client = await connectRaw(port);
    const broken = Buffer.from(serialize({ ping: 1 }));
    broken[4] = 0x77;
    client.send(formatMessage(2013, 1, [int32(0), Buffer.from([0]), broken]));
    expect((await client.receive()).document).toMatchObject({ ok: 0, code: 22, codeName: 'InvalidBSON' });
    const nested = Buffer.from(serialize({ hello: 1, $db: 'admin', client: { a: 1 } }));
    // The type of what is inside.
    nested[nested.indexOf('client') + 'client'.length + 1 + 4] = 0x77;
    client.send(formatMessage(2013, 1, [int32(0), Buffer.from([0]), nested]));
    expect((await client.receive()).document).toMatchObject({ ok: 0, code: 22 });
    client.send(formatMsg({ find: 'x' }));
    expect((await client.receive()).document).toMatchObject({ ok: 0, code: 40571 });
    expect(await client.run({ ping: 1 })).toEqual({ ok: 1 });
  });
});

describe('messages', () => {
  it('are put together from pieces, and taken apart where several come at once', async () => {
    const { logIn, asked } = await startServer();
    const client = await logIn();
    const bytes = Buffer.concat([1, 2, 3].map((id) => formatMsg({ find: `c${id}`, $db: 'shop' }, { id })));
    for (const byte of bytes.subarray(0, 40)) client.send(Buffer.from([byte]));
    client.send(bytes.subarray(40));
    for (const id of [1, 2, 3]) {
      expect(await client.receive()).toEqual({
        operation: 2013,
        respondsTo: id,
        document: { ok: 1, echo: 'find' },
      });
    }
    expect(asked.map(({ db, body }) => [db, deserialize(body).find])).toEqual([
      ['shop', 'c1'],
      ['shop', 'c2'],
      ['shop', 'c3'],
    ]);
  });

  it('bring documents beside the command, with a checksum or without', async () => {
    const { logIn, asked } = await startServer();
    const client = await logIn();
    const sections = [formatSequence('documents', [{ a: 1 }, { b: 2 }]), formatSequence('more', [])];
    const command = { insert: 'c', $db: 'shop' };
    client.send(formatMsg(command, { sections }));
    client.send(formatMsg(command, { sections, flags: 1, tail: int32(0x12345678) }));
    await Promise.all([client.receive(), client.receive()]);
    const expected = { documents: [{ a: 1 }, { b: 2 }], more: [] };
    for (const { sequences } of asked) {
      const found = [...sequences].map(([name, list]) => [name, list.map((one) => deserialize(one))]);
      expect(Object.fromEntries(found)).toEqual(expected);
    }
    expect(asked).toHaveLength(2);
  });

  it('that nobody waits for get no answer', async () => {
    const { logIn, asked } = await startServer();
    const client = await logIn();
    client.send(formatMsg({ insert: 'c', $db: 'x' }, { id: 1, flags: 2 }));
    client.send(formatMsg({ find: 'c', $db: 'x' }, { id: 2 }));
    expect(await client.receive()).toMatchObject({ respondsTo: 2, document: { echo: 'find' } });
    expect(asked.map(({ name }) => name)).toEqual(['insert', 'find']);
  });

  it('of one connection run one after the other, those of another one meanwhile', async () => {
    const { logIn, asked, hold } = await startServer();
    const [slow, quick] = [await logIn(), await logIn()];
    const release = hold();
    for (const id of [1, 2]) slow.send(formatMsg({ find: 'slow', $db: 'x' }, { id }));
    expect(await quick.run({ ping: 1 })).toEqual({ ok: 1 });
    await expect.poll(() => asked.length).toBe(1);
    release();
    expect([(await slow.receive()).respondsTo, (await slow.receive()).respondsTo]).toEqual([1, 2]);
    expect(new Set(asked.map(({ connection }) => connection)).size).toBe(1);
  });

  it('may end with their connection, of which the data is told', async () => {
    const { logIn, asked, forgotten, hold } = await startServer();
    const client = await logIn();
    const release = hold();
    client.send(formatMsg({ find: 'c', $db: 'x' }));
    await expect.poll(() => asked.length).toBe(1);
    client.socket.destroy();
    release();
    await expect.poll(() => forgotten).toEqual([asked[0]?.connection]);
  });

  it('as an old driver’s first one are answered alike, and nothing else is in that way', async () => {
    const { port } = await startServer();
    const client = await connectRaw(port);
    client.send(formatQuery('admin.$cmd', { isMaster: 1 }));
    expect(await client.receive()).toMatchObject({
      operation: 1,
      respondsTo: 9,
      document: { ismaster: true, maxWireVersion: 21 },
    });
    for (const [namespace, command] of [
      ['admin.$cmd', { ping: 1 }],
      ['shop.tasks', { isMaster: 1 }],
    ] as const) {
      client.send(formatQuery(namespace, command));
      expect((await client.receive()).document).toMatchObject({ ok: 0, code: 352 });
    }
  });
});

it('who has logged in finds out what the server is', async () => {
  const { logIn } = await startServer();
  const client = await logIn();
  expect(await client.run({ connectionStatus: 1 })).toMatchObject({
    authInfo: { authenticatedUsers: [{ user: 'workbench', db: 'admin' }] },
  });
  expect(await client.run({ getParameter: 1, featureCompatibilityVersion: 1 })).toMatchObject({
    featureCompatibilityVersion: { version: '7.0' },
  });
  expect(await client.run({ getParameter: 1, other: 1 })).toMatchObject({ code: 72 });
  expect(await client.run({ getLog: 'startupWarnings' })).toMatchObject({
    log: [expect.stringContaining('not MongoDB')],
  });
  expect(await client.run({ getLog: '*' })).toMatchObject({ names: ['global', 'startupWarnings'] });
});
