/**
 * The demonstration's plugins, as data. Written to be read: the UI opens them, and their traces show their
 * code's output.
 */

export const GREETER = 'demo_greeter';
export const SLEEPER = 'demo_sleeper';
export const NOTES = 'demo_notes';

/** What the last step changes, and changes back. */
export const GREETINGS = ['Hello', 'Welcome back'] as const;

export function greeterSource(greeting: string): string {
  return `// A plugin of the demonstration. Its last step edits this file while it serves.
const GREETING = '${greeting}';

export async function execute(data) {
  // Set by the runtime from the verified token; what the client sent under this name is dropped.
  const { user_id, username, roles, is_superadmin } = data._context;

  if (data.action === 'refund' && !roles.includes('admin')) {
    return { error: \`\${username} may not refund: that needs the role admin\`, error_code: 'NOT_ALLOWED' };
  }
  console.log(\`greeting \${user_id}\`);
  return { message: \`\${GREETING}, \${username}!\`, user_id, roles, is_superadmin };
}
`;
}

const SLEEPER_SOURCE = `// A plugin of the demonstration: sleeps for the given seconds, or until the runtime ends it.
export async function execute({ seconds }) {
  console.log(\`sleeping for \${seconds} s\`);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return { slept: seconds };
}
`;

const NOTES_SOURCE = `// A plugin of the demonstration: what it does outside its own code is in the trace of its call.
import { MongoClient } from 'mongodb';

const client = await new MongoClient(process.env.DATABASE_URI).connect();
const notes = client.db('MozaiksCore').collection('notes');

export async function execute({ app_id, user_id, text }) {
  const mine = { app_id, user_id };
  await notes.insertOne({ ...mine, text, written_at: new Date() });
  const newest = await notes.find(mine).sort({ written_at: -1 }).limit(5).toArray();
  console.log(\`\${user_id} has \${newest.length} note(s)\`);
  const health = await fetch(\`http://127.0.0.1:\${process.env.PORT}/health\`);

  // A mistake, on purpose: without \`mine\` this finds everybody's notes. The trace says so.
  const everybody = await notes.find({ text }).toArray();
  return { notes: newest.map((note) => note.text), runtime: (await health.json()).status, found: everybody.length };
}
`;

const manifest = (display_name: string, description: string) =>
  `${JSON.stringify({ display_name, description, version: '1.0.0' }, null, 2)}\n`;

/** Path below the plugins' folder → text. */
export function demoFiles(): Readonly<Record<string, string>> {
  return {
    [`${GREETER}/logic.js`]: greeterSource(GREETINGS[0]),
    [`${GREETER}/manifest.json`]: manifest('Demo greeter', 'Greets the user in the token'),
    [`${SLEEPER}/logic.js`]: SLEEPER_SOURCE,
    [`${SLEEPER}/manifest.json`]: manifest('Demo sleeper', 'Sleeps for the given seconds'),
    [`${NOTES}/logic.js`]: NOTES_SOURCE,
    [`${NOTES}/manifest.json`]: manifest('Demo notes', 'Notes in the database, and a call over HTTP'),
  };
}
