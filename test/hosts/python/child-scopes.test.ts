import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { HOST_LIMITS } from '../../../main/contract/host.ts';
import { hostScripts } from '../../support/host-script.ts';

/** What rules and traces are told of a command, without a database: the messages of the listener itself. */

const SCRIPT = `
import contextvars, json, sys
from types import SimpleNamespace as Event
sys.path.insert(0, ${JSON.stringify(dirname(hostScripts.python))})
import mozaiks_host_console, mozaiks_host_spans, mozaiks_host_spans_database as database
class monitoring:
    CommandListener = object
    register = lambda listener: listeners.append(listener)
listeners, told = [], []
console = mozaiks_host_console.Console(told.append)
spans = mozaiks_host_spans.Spans(console.current, lambda *messages: told.extend(messages))
spans.mode = "on"
database.observe(monitoring, spans)
account = mozaiks_host_console.Account(1)
spans.begin_call(account)
console.current.set(account)

def run(name, command, *replies):
    for number, reply in enumerate(replies):
        command = {"getMore": 7, "collection": "c"} if number else {name: "c", **command}
        name = next(iter(command))
        known = {"command_name": name, "request_id": number, "connection_id": ("h", 1), "duration_micros": 1500}
        [listener] = listeners
        listener.started(Event(command=command, database_name="d", **known))
        listener.succeeded(Event(reply=reply, **known))

def found(*ids, more=0, batch="firstBatch"):
    return {"cursor": {"id": more, batch: [{"_id": one} for one in ids]}}

class Hostile:
    items = property(lambda self: 1 / 0)

many = [{"_id": n, "user_id": "ada" if n < 300 else "bob", "text": "t" * 9_000} for n in range(400)]
mine = {"user_id": "ada"}
run("find", {"filter": {**mine, "n": float("nan")}}, found(1, 2, more=7), found(3, batch="nextBatch"))
run("find", {}, found())
run("find", {"filter": Hostile()}, found())
run("aggregate", {"pipeline": [{"$match": mine}, {"$count": "n"}]}, found(None))
run("aggregate", {"pipeline": [{"$group": {"_id": None}}]}, found())
run("aggregate", {"pipeline": [{"$collStats": {}}]}, found())
run("update", {"updates": [{"q": mine, "u": {}}]}, {"n": 2, "nModified": 1, "upserted": [{}]})
run("delete", {"deletes": [{"q": mine}, {"q": {"app_id": "a"}}]}, {"n": 4})
run("insert", {"documents": many}, {"n": 400})
run("count", {"query": {"$or": [{**mine, "text": {"$in": ["t" * 9_000, "u" * 9_000]}}, {"app_id": "a"}]}}, {"n": 3})
run("distinct", {"key": "k", "query": {"_id": "i" * 20_000}}, {"values": ["a", "b"]})
run("createIndexes", {"indexes": [{"key": {"a": 1}, "name": "a_1"}]}, {})
run("hello", {}, {})
spans.end_call(1)
print(json.dumps(told))
`;

it('never cuts a word in two', async () => {
  const script = `
import json, sys
sys.path.insert(0, ${JSON.stringify(dirname(hostScripts.python))})
from mozaiks_host_shorten import cut, fit_json
texts = [("https://a.test/?q=tea&key=abcdefgh", 30), ("one two", 7), ("one twos", 7), ("abcdefgh", 7), ("é a é a", 6)]
loop = []
loop.append(loop)
print(json.dumps([[cut(*text) for text in texts], fit_json({"secret": "a" * 5_000, "b": 1}, 100), fit_json([loop, loop], 100), len(fit_json('"' * 90, 100)) <= 100]))
`;
  const { stdout } = await promisify(execFile)('python3', ['-B', '-c', script]);
  expect(JSON.parse(stdout)).toEqual([
    ['https://a.test/?q=tea&…', 'one two', 'one …', '(8 characters)', 'é …'],
    '{"secret":"(5000 characters)","b":1}',
    expect.stringContaining('…'),
    true,
  ]);
});

interface Told {
  readonly durationMs: number;
  readonly scope?: string;
  readonly work: { readonly command: string; readonly filter: string | null; readonly documents: number };
}

it('says what a rule needs of each command, what a person is shown, and fails none that it can’t read', async () => {
  const { stdout, stderr } = await promisify(execFile)('python3', ['-B', '-c', SCRIPT]);
  const told: readonly Told[] = JSON.parse(stdout);
  const summary = told.map(({ work, scope }) => [
    work.command,
    work.documents,
    scope === undefined ? null : JSON.parse(scope),
  ]);
  const ada = (n: number) => ({ _id: n, user_id: 'ada' });
  expect(summary).toEqual([
    ['find', 3, { filter: { user_id: 'ada', n: { $numberDouble: 'NaN' } }, ids: [1, 2, 3] }],
    ['find', 0, { filter: {} }],
    ['aggregate', 1, { filter: { user_id: 'ada' }, ids: [null] }],
    ['aggregate', 0, { filter: {} }],
    ['aggregate', 0, null],
    ['update', 2, { filter: { user_id: 'ada' } }],
    ['delete', 4, { filter: { $or: [{ user_id: 'ada' }, { app_id: 'a' }] } }],
    [
      'insert',
      400,
      { documents: [...Array.from({ length: 100 }, (_, n) => ada(n)), { _id: 300, user_id: 'bob' }] },
    ],
    ['count', 3, { filter: { $or: [{ user_id: 'ada' }, { app_id: 'a' }] } }],
    ['distinct', 2, null],
    ['createIndexes', null, null],
  ]);
  expect(stderr).toBe('the Workbench could not record a child span: ZeroDivisionError: division by zero\n');
  expect(told[0]?.durationMs).toBe(3);
  for (const { work, scope = '' } of told) {
    expect(work.filter?.length ?? 0).toBeLessThanOrEqual(HOST_LIMITS.childText);
    expect(scope.length).toBeLessThanOrEqual(HOST_LIMITS.childScope);
    if (work.filter !== null) expect(() => JSON.parse(work.filter ?? '')).not.toThrow();
  }
});
