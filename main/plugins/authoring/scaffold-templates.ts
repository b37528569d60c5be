import pluginTypes from '../../contract/plugin.ts?raw';
import type { Language } from '../../contract/plugin-view.ts';

/** The files of a new plugin, as data: path in its folder → content. */

const TYPESCRIPT = `// Save this file, and the next call runs the new version.
import type { Execute } from './mozaiks.d.ts';

/** Answers \`POST /api/execute/{{name}}\`. \`data\` is the client's JSON object plus the runtime's keys. */
export const execute: Execute = async (data) => {
  // The caller, verified by the runtime. A client can't forge it.
  const { user_id, username, roles } = data._context;

  // Everything else comes from the client: check it before you use it.
  const greeting = data.greeting ?? 'Hello';
  if (typeof greeting !== 'string') {
    return { error: '"greeting" must be a string', error_code: 'BAD_GREETING' };
  }

  // Shown in the call's trace.
  console.log(\`greeting \${user_id}\`);

  return { message: \`\${greeting}, \${username ?? user_id}!\`, roles };
};
`;

const JAVASCRIPT = `// Save this file, and the next call runs the new version.

/** Answers \`POST /api/execute/{{name}}\`. \`data\` is the client's JSON object plus the runtime's keys. */
export async function execute(data) {
  // The caller, verified by the runtime. A client can't forge it.
  const { user_id, username, roles } = data._context;

  // Everything else comes from the client: check it before you use it.
  const greeting = data.greeting ?? 'Hello';
  if (typeof greeting !== 'string') {
    return { error: '"greeting" must be a string', error_code: 'BAD_GREETING' };
  }

  // Shown in the call's trace.
  console.log(\`greeting \${user_id}\`);

  return { message: \`\${greeting}, \${username ?? user_id}!\`, roles };
}
`;

const PYTHON = `# Save this file, and the next call runs the new version.


async def execute(data: dict) -> dict:
    """Answers POST /api/execute/{{name}}. data is the client's JSON object plus the runtime's keys."""
    # The caller, verified by the runtime. A client can't forge it.
    context = data["_context"]

    # Everything else comes from the client: check it before you use it.
    greeting = data.get("greeting", "Hello")
    if not isinstance(greeting, str):
        return {"error": '"greeting" must be a string', "error_code": "BAD_GREETING"}

    # Shown in the call's trace.
    print(f"greeting {context['user_id']}")

    return {
        "message": f"{greeting}, {context['username'] or context['user_id']}!",
        "roles": context["roles"],
    }
`;

/**
 * Each TypeScript plugin has a copy of the author's types: its import then works wherever the folder goes,
 * the production repository included, and nothing has to be installed. Only an editor reads it.
 */
function typesCopy(): string {
  const head =
    '/**\n * The types of a Mozaiks plugin, copied when it was created. Nothing here exists at run time: its import is dropped.\n */\n';
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
    description: 'Greets the caller',
    version: '0.1.0',
    enabled: true,
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}
