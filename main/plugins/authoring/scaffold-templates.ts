import pluginTypes from '../../contract/plugin.ts?raw';
import type { Language } from '../../contract/plugin-view.ts';

/** The files of a new plugin, as data: path in its folder → text. */

const TYPESCRIPT = `// Saved is live: change this file and the next call runs the new version.
import type { Execute } from './mozaiks.d.ts';

/** Answers \`POST /api/execute/{{name}}\`. \`data\` is the client's JSON object with the runtime's keys put into it. */
export const execute: Execute = async (data) => {
  // Who calls, verified by the runtime. A client can't forge it.
  const { user_id, username, roles } = data._context;

  // Everything else is the client's own word: check it before you use it.
  const greeting = data.greeting ?? 'Hello';
  if (typeof greeting !== 'string') {
    return { error: '"greeting" must be text', error_code: 'BAD_GREETING' };
  }

  // Shown in the call's trace.
  console.log(\`greeting \${user_id}\`);

  return { message: \`\${greeting}, \${username ?? user_id}!\`, roles };
};
`;

const JAVASCRIPT = `// Saved is live: change this file and the next call runs the new version.

/** Answers \`POST /api/execute/{{name}}\`. \`data\` is the client's JSON object with the runtime's keys put into it. */
export async function execute(data) {
  // Who calls, verified by the runtime. A client can't forge it.
  const { user_id, username, roles } = data._context;

  // Everything else is the client's own word: check it before you use it.
  const greeting = data.greeting ?? 'Hello';
  if (typeof greeting !== 'string') {
    return { error: '"greeting" must be text', error_code: 'BAD_GREETING' };
  }

  // Shown in the call's trace.
  console.log(\`greeting \${user_id}\`);

  return { message: \`\${greeting}, \${username ?? user_id}!\`, roles };
}
`;

const PYTHON = `# Saved is live: change this file and the next call runs the new version.


async def execute(data: dict) -> dict:
    """Answers POST /api/execute/{{name}}. data is the client's JSON object with the runtime's keys put into it."""
    # Who calls, verified by the runtime. A client can't forge it.
    context = data["_context"]

    # Everything else is the client's own word: check it before you use it.
    greeting = data.get("greeting", "Hello")
    if not isinstance(greeting, str):
        return {"error": '"greeting" must be text', "error_code": "BAD_GREETING"}

    # Shown in the call's trace.
    print(f"greeting {context['user_id']}")

    return {
        "message": f"{greeting}, {context['username'] or context['user_id']}!",
        "roles": context["roles"],
    }
`;

/**
 * A copy of the author's types lies in each TypeScript plugin: its import then holds wherever the folder goes, the
 * production repository included, and nothing has to be installed. Only an editor reads it.
 */
function typesCopy(): string {
  const head =
    '/**\n * The types of a Mozaiks plugin, copied when it was made. Nothing here exists at run time: the import of it is dropped.\n */\n';
  return head + pluginTypes.replace(/^\/\*\*[\s\S]*?\*\/\n/, '');
}

const FILES: Readonly<Record<Language, () => Readonly<Record<string, string>>>> = {
  typescript: () => ({ 'logic.ts': TYPESCRIPT, 'mozaiks.d.ts': typesCopy() }),
  javascript: () => ({ 'logic.js': JAVASCRIPT }),
  python: () => ({ 'logic.py': PYTHON }),
};

/** The files of a new plugin of this name, its entry first. Pure. */
export function scaffoldFiles(name: string, language: Language): Readonly<Record<string, string>> {
  const files = { ...FILES[language](), 'manifest.json': manifest(name) };
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text.replaceAll('{{name}}', name)]),
  );
}

function manifest(name: string): string {
  const display_name = name.replaceAll(/[_-]+/g, ' ').trim() || name;
  const about = {
    display_name: display_name.charAt(0).toUpperCase() + display_name.slice(1),
    description: 'Greets whoever calls',
    version: '0.1.0',
    enabled: true,
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}
