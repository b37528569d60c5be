/** The demonstration's plugins, as data. Written to be read: the UI opens them, and their traces show what they say. */

export const GREETER = 'demo_greeter';
export const SLEEPER = 'demo_sleeper';

/** What the last step changes, and changes back. */
export const GREETINGS = ['Hello', 'Welcome back'] as const;

export function greeterSource(greeting: string): string {
  return `// A plugin of the demonstration. Its last step edits this file while it serves.
const GREETING = '${greeting}';

export async function execute(data) {
  // Put there by the runtime from the verified token; whatever the client sent under this name is gone.
  const { user_id, username, roles, is_superadmin } = data._context;

  if (data.action === 'refund' && !roles.includes('admin')) {
    return { error: \`\${username} may not refund: that needs the role admin\`, error_code: 'NOT_ALLOWED' };
  }
  console.log(\`greeting \${user_id}\`);
  return { message: \`\${GREETING}, \${username}!\`, user_id, roles, is_superadmin };
}
`;
}

const SLEEPER_SOURCE = `// A plugin of the demonstration: takes as long as it is told, or until the runtime ends it.
export async function execute({ seconds }) {
  console.log(\`sleeping for \${seconds} s\`);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return { slept: seconds };
}
`;

const manifest = (display_name: string, description: string) =>
  `${JSON.stringify({ display_name, description, version: '1.0.0' }, null, 2)}\n`;

/** Path below the plugins' folder → text. */
export function demoFiles(): Readonly<Record<string, string>> {
  return {
    [`${GREETER}/logic.js`]: greeterSource(GREETINGS[0]),
    [`${GREETER}/manifest.json`]: manifest('Demo greeter', 'Greets whoever the token names'),
    [`${SLEEPER}/logic.js`]: SLEEPER_SOURCE,
    [`${SLEEPER}/manifest.json`]: manifest('Demo sleeper', 'Takes as long as it is told'),
  };
}
