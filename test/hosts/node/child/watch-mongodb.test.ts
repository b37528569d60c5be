import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { MONGO_CLIENT_HOOK } from '../../../../main/contract/child-span.ts';
import { HOST_LIMITS, type HostMessage } from '../../../../main/contract/host.ts';
import { isHostMessage } from '../../../../main/contract/host-guards.ts';
import { type CurrentCall, currentCall } from '../../../../main/hosts/node/child/current-call.ts';
import { Children } from '../../../../main/hosts/node/child/spans/children.ts';
import { watchMongodb } from '../../../../main/hosts/node/child/spans/watch-mongodb.ts';

/** What is made of the events of MongoDB's driver, by a driver that has nothing but them. */

class MongoClient extends EventEmitter {
  monitorCommands = false;
  connect() {
    return this;
  }
}

/** As up to version 6.3: whoever returns a connection calls the one who waits for it. */
class ConnectionPool {
  readonly waiting: (() => void)[] = [];
  checkOut(callback: () => void) {
    this.waiting.push(callback);
  }
}

watchMongodb();
Reflect.get(globalThis, Symbol.for(MONGO_CLIENT_HOOK))({ MongoClient, ConnectionPool });

let sent: HostMessage[] = [];
let requestId = 0;
beforeEach(() => {
  sent = [];
});

function newCall(id = 1): CurrentCall {
  return { id, userJwt: null, children: new Children(id, (message) => sent.push(message)) };
}

/** Of one command within a call: the message, and its scope parsed. */
function run(command: Readonly<Record<string, unknown>>, reply: unknown, call = newCall()) {
  const client = new MongoClient().connect();
  send(client, command, reply, call);
  call.children.close();
  const [message] = sent.splice(0);
  if (message?.type !== 'child' || message.work.kind !== 'database') throw new Error('no command was told');
  expect(isHostMessage(message)).toBe(true);
  return { ...message, work: message.work, scope: JSON.parse(message.scope ?? 'null') };
}

function send(client: MongoClient, command: object, reply: unknown, call: CurrentCall) {
  const [commandName] = Object.keys(command);
  requestId += 1;
  const event = { requestId, commandName, databaseName: 'MozaiksCore', command };
  currentCall.run(call, () => client.emit('commandStarted', event));
  client.emit('commandSucceeded', { requestId, commandName, reply });
}

describe('what rules are told', () => {
  it.each([
    [{ find: 'tasks', filter: { user_id: 'ann' } }, { filter: { user_id: 'ann' } }],
    [{ find: 'tasks' }, { filter: {} }],
    [{ count: 'tasks', query: { a: 1 } }, { filter: { a: 1 } }],
    [{ aggregate: 'tasks', pipeline: [{ $match: { a: 1 } }, { $limit: 1 }] }, { filter: { a: 1 } }],
    [{ aggregate: 'tasks', pipeline: [{ $limit: 1 }, { $match: { a: 1 } }] }, { filter: {} }],
    [{ aggregate: 'tasks', pipeline: [{ $collStats: {} }] }, null],
    [{ update: 'tasks', updates: [{ q: { a: 1 }, u: {} }] }, { filter: { a: 1 } }],
    [
      { delete: 'tasks', deletes: [{ q: { a: 1 } }, { q: { a: 2 } }] },
      { filter: { $or: [{ a: 1 }, { a: 2 }] } },
    ],
    [
      { insert: 'tasks', documents: [{ _id: 1, user_id: 'ann', b: 2 }] },
      { documents: [{ _id: 1, user_id: 'ann' }] },
    ],
    [{ createIndexes: 'tasks', indexes: [] }, null],
  ])('of %j is whose documents it is about', (command, scope) => {
    expect(run(command, { ok: 1 }).scope).toEqual(scope);
  });

  it('has the ids of what was returned, a hundred at most', () => {
    const firstBatch = [...Array(150).keys()].map((_id) => ({ _id, title: 'tea' }));
    const { scope, work } = run({ find: 'tasks', filter: {} }, { cursor: { id: 0, firstBatch } });
    expect(scope.ids).toEqual([...Array(100).keys()]);
    expect(work.documents).toBe(150);
  });

  it('has each owner of what was inserted, and the owner in a filter of any length', () => {
    const documents = [...Array(1_000).keys()].map((_id) => ({
      _id,
      user_id: _id === 999 ? undefined : 'ann',
    }));
    const owners = run({ insert: 'tasks', documents }, { n: 1_000 }).scope.documents;
    expect(owners).toHaveLength(101);
    expect(owners.at(-1)).toEqual({ _id: 999 });
    const filter = {
      $and: [{ user_id: 'ann' }, { title: { $in: Array(1_000).fill('a long title of tea') } }],
    };
    const { scope, work } = run({ find: 'tasks', filter }, {});
    expect(scope).toEqual({ filter: { $and: [{ user_id: 'ann' }, {}] } });
    expect(work.filter?.length).toBeLessThanOrEqual(HOST_LIMITS.childText);
  });
});

describe('a command', () => {
  it('says what it did', () => {
    expect(run({ update: 'tasks', updates: [] }, { n: 3, nModified: 1, upserted: [{}] }).work.documents).toBe(
      2,
    );
    expect(run({ delete: 'tasks', deletes: [] }, { n: 3 }).work.documents).toBe(3);
    expect(run({ findAndModify: 'tasks', query: {} }, { value: null }).work.documents).toBe(0);
    expect(run({ distinct: 'tasks', key: 'a' }, { values: [1, 2] }).work.documents).toBe(2);
  });

  it('fails where a write of it fails', () => {
    expect(
      run({ insert: 'tasks', documents: [] }, { n: 0, writeErrors: [{ errmsg: 'E11000 a' }] }).error,
    ).toBe('E11000 a');
  });

  it('of another call may be what ends its wait', () => {
    const pool = new ConnectionPool();
    const seen: unknown[] = [];
    currentCall.run(newCall(1), () => pool.checkOut(() => seen.push(currentCall.getStore()?.id)));
    currentCall.run(newCall(2), () => pool.waiting[0]?.());
    expect(seen).toEqual([1]);
  });

  it('that the driver sends by itself, outside of any call or after its end, is none', () => {
    const client = new MongoClient().connect();
    const call = newCall();
    send(client, { ping: 1 }, { ok: 1 }, call);
    send(client, { saslStart: 1 }, { ok: 1 }, call);
    client.emit('commandStarted', {
      requestId: -1,
      commandName: 'find',
      databaseName: 'a',
      command: { find: 'a' },
    });
    call.children.close();
    send(client, { find: 'tasks' }, { ok: 1 }, call);
    expect(sent).toEqual([]);
  });
});
