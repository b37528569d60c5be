import { randomUUID } from 'node:crypto';
// The driver comes from this repository's own packages; in a folder of its own: npm install mongodb@6
import { type Collection, MongoClient } from 'mongodb';
import type { CallTools, Execute, PluginInput, PluginOutput } from '../../main/contract/plugin.ts';

/**
 * `notes_py` in TypeScript, over the same collection: `{"action": "add", "text": "Buy milk"}`,
 * `{"action": "remove", "id": "…"}`, `health`, `careless`, `list` by default.
 *
 * The traces of its calls show the database, a call over HTTP, and with `careless` a mistake. Events and
 * notifications are Python's alone, as in production.
 */

interface Note {
  readonly _id: string;
  readonly app_id: string;
  readonly user_id: string;
  readonly text: string;
  readonly written_at: Date;
}

type Owner = Pick<Note, 'app_id' | 'user_id'>;

// The address is that of the MongoDB which is set, else of the workbench's local database. Connects at its first use.
const client = new MongoClient(process.env.DATABASE_URI ?? 'mongodb://127.0.0.1:27017');
// As production's `db` is named.
const notes: Collection<Note> = client
  .db(process.env.ENV === 'production' ? 'client' : 'MozaiksCore')
  .collection('notes');

export const execute: Execute = async (data, tools) => {
  // Injected by the runtime; in every query, so nobody reaches another user's notes.
  const mine = { app_id: data.app_id, user_id: data.user_id };
  switch (data.action ?? 'list') {
    case 'list':
      return { notes: (await notes.find(mine).sort({ written_at: -1 }).limit(20).toArray()).map(show) };
    case 'add':
      return add(mine, data, tools);
    case 'remove':
      return { removed: (await notes.deleteOne({ ...mine, _id: String(data.id) })).deletedCount === 1 };
    case 'health':
      return { runtime: await readHealth(tools) };
    case 'careless':
      // A mistake, on purpose: without `mine` this counts everybody's notes. The trace says so.
      return { notes_of_everybody: (await notes.find({}).limit(1000).toArray()).length };
    default:
      return { error: '"action" must be list, add, remove, health or careless', error_code: 'BAD_ACTION' };
  }
};

async function add(mine: Owner, { text }: PluginInput, { log }: CallTools): Promise<PluginOutput> {
  if (typeof text !== 'string' || text.trim() === '') {
    return { error: '"text" must be a string', error_code: 'BAD_TEXT' };
  }
  const note: Note = { ...mine, _id: randomUUID(), text: text.trim(), written_at: new Date() };
  await notes.insertOne(note);
  log(`${mine.user_id} added note ${note._id}`);
  return { note: show(note), of: await notes.countDocuments(mine) };
}

/** The runtime's own address, the nearest one there is to call; given up when the caller leaves. */
async function readHealth({ signal }: CallTools): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/health`, { signal });
  return answer.json();
}

function show({ _id, text, written_at }: Note): PluginOutput {
  return { id: _id, text, written_at };
}
