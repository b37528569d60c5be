import { deepStrictEqual } from 'node:assert';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError, loadConfig } from '../../main/config/config.ts';
import { createFolderMemory } from '../../main/config/recent-folders.ts';
import { parseReportJson, toJson } from '../../main/conformance/reports/report-document.ts';
import { parseOrigin } from '../../main/conformance/target/remote-target.ts';
import { WorkbenchError } from '../../main/contract/errors.ts';
import { createDocumentStore } from '../../main/documents/store.ts';
import { createPluginFileReader } from '../../main/entitlements/plugin-file.ts';
import { listSamples } from '../../main/plugins/authoring/sample-reading.ts';
import { loadManifest } from '../../main/plugins/version/manifest.ts';
import { createLog } from '../../main/system/log.ts';
import { toCurl } from '../../main/traces/files/curl.ts';
import { writeTraceFile } from '../../main/traces/files/export-file.ts';
import { readTraceFile } from '../../main/traces/files/trace-file.ts';
import { recordedCall } from '../../main/traces/record/recorded-request.ts';
import { createRedactor } from '../../main/traces/record/redact.ts';
import { checkAnswers } from './read-answers.ts';

/**
 * The product's own readers in a process of their own, so that one that ends it, hangs or hoards is caught.
 * Reads what it is sent and answers with what the product would tell its user. Argument: a folder of its own.
 */
export interface Reading {
  readonly reader: keyof typeof READERS;
  /** A character is a byte. */
  readonly text: string;
  /** Whether to weigh the heap afterwards, which takes some milliseconds. */
  readonly weigh: boolean;
}

export interface ReadAnswer {
  /** What the product says is wrong; empty when nothing is. */
  readonly problems: readonly string[];
  /** What the product did wrong; null when nothing. */
  readonly fault: string | null;
  /** Bytes on the heap when what is no longer needed is gone; null where nobody asked. */
  readonly heap: number | null;
}

type Reader = (bytes: Buffer) => Promise<readonly string[]>;

const folder = process.argv[2] ?? '';
const redactor = createRedactor([]);
const readPluginFile = createPluginFileReader();

/** Puts the bytes where the product looks for them. */
async function put(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}

async function collect(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

const notNull = (problem: string | null) => (problem === null ? [] : [problem]);

const READERS = {
  'trace file': async (bytes) => {
    const { traces } = readTraceFile('x.json', bytes.toString('utf8'), redactor);
    async function* all() {
      yield* traces;
    }
    const content = { version: '0', at: 0, baseUrl: 'http://127.0.0.1:1' };
    const json = await collect(writeTraceFile('json', { ...content, traces: all() }));
    deepStrictEqual(readTraceFile('x.json', json, redactor).traces, traces, 'exported and opened again');
    const har = JSON.parse(await collect(writeTraceFile('har', { ...content, traces: all() })));
    deepStrictEqual(har.log.entries.length, traces.length, 'entries of the archive');
    const refused: string[] = [];
    for (const trace of traces) {
      try {
        const { path: url, body } = recordedCall(trace);
        const { method, headers } = trace.request;
        toCurl({ method, url, headers, body, token: null, revealToken: false });
      } catch (error) {
        refused.push(wordsOf(error));
      }
    }
    return refused;
  },
  '.env': async (bytes) => {
    await put('env/.env', bytes);
    const sources = { env: {}, argv: [], cwd: join(folder, 'env'), configPath: join(folder, 'env/user') };
    const { port, settings, auth } = await loadConfig(sources);
    deepStrictEqual(Number.isInteger(port) && port >= 0 && port < 65_536, true, `the port ${port}`);
    const secret = auth.mode === 'local' ? JSON.stringify(auth.secret) : '""';
    deepStrictEqual(
      JSON.stringify(settings).includes(secret.slice(1, -1)),
      secret === '""',
      'a secret shown',
    );
    return [];
  },
  manifest: async (bytes) => {
    await put('p/manifest.json', bytes);
    const { problem, ...manifest } = await loadManifest(join(folder, 'p'), 'p');
    const kinds = Object.values(manifest).map((value) => typeof value);
    deepStrictEqual(kinds, ['string', 'string', 'string', 'boolean'], 'what it is taken for');
    return notNull(problem);
  },
  'entitlements.yaml': async (bytes) => {
    await put('p/entitlements.yaml', bytes);
    const read = await readPluginFile(folder, 'p');
    return read.kind === 'invalid' ? read.problems : [];
  },
  'address of a target': async (bytes) => {
    const { protocol, pathname, username } = parseOrigin(bytes.toString('utf8'));
    deepStrictEqual([protocol.replace('s:', ':'), pathname, username], ['http:', '/', ''], 'the address');
    return [];
  },
  'answer of a target': async (bytes) => {
    await checkAnswers(bytes);
    return [];
  },
  'recent folders': async (bytes) => {
    await put('user/folders.json', bytes);
    const log = createLog({ write: () => undefined });
    const { recent } = await createFolderMemory(join(folder, 'user'), log).view();
    deepStrictEqual(recent.length <= 10, true, 'so many folders');
    return [];
  },
  report: async (bytes) => {
    const report = parseReportJson(bytes.toString('utf8'));
    deepStrictEqual(parseReportJson(toJson(report)), report, 'written and read again');
    return [];
  },
  sample: async (bytes) => {
    await put('samples/x.json', bytes);
    const { samples } = await listSamples('p', join(folder, 'samples'));
    return samples.flatMap(({ problem }) => notNull(problem));
  },
  documents: async (bytes) => {
    await put('documents/settings.json', bytes);
    await createDocumentStore(join(folder, 'documents')).update('settings', (all) => void all.push({}));
    return [];
  },
} satisfies Readonly<Record<string, Reader>>;

/** For what the product is meant to throw: everything else is a fault. */
function wordsOf(error: unknown): string {
  if (error instanceof WorkbenchError || error instanceof ConfigError) return error.message;
  throw error;
}

const builtIn = () => [Object.prototype, Array.prototype, Function.prototype].map(Reflect.ownKeys);
const atFirst = builtIn();

async function read({ reader, text, weigh }: Reading): Promise<ReadAnswer> {
  let problems: readonly string[] = [];
  let fault: string | null = null;
  try {
    problems = await READERS[reader](Buffer.from(text, 'latin1')).catch((error) => [wordsOf(error)]);
    deepStrictEqual(builtIn(), atFirst, 'what every object has');
  } catch (error) {
    fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  if (!weigh) return { problems, fault, heap: null };
  globalThis.gc?.();
  return { problems, fault, heap: process.memoryUsage().heapUsed };
}

process.on('message', (reading: Reading) => {
  read(reading)
    .then((answer) => process.send?.(answer))
    .catch((error: unknown) => {
      throw error;
    });
});
