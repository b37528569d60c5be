import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** Holds answers against the OpenAPI document that the same runtime serves. */

export interface SeenAnswer {
  readonly method: string;
  /** As in the request line; the query makes no difference. */
  readonly target: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Judgement {
  /** `GET /health 200`; a path of no operation is `(unrouted)`. */
  readonly pair: string;
  /** What the document does not allow, as sentences; empty when the answer is as described. */
  readonly findings: readonly string[];
}

export interface OpenapiCheck {
  judge(answer: SeenAnswer): Judgement;
  /** Every operation and status that the document names. */
  readonly pairs: readonly string[];
}

type Described = Readonly<Record<string, unknown>>;
interface OpenapiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly 'x-unrouted': { readonly responses: Readonly<Record<string, Described>> };
}

const UNROUTED = '(unrouted)';
/** Of the transport, of caches and of browsers' sniffing; the contract says nothing of them. */
const OTHER_HEADERS = new Set([
  ...['connection', 'keep-alive', 'date', 'content-type', 'content-length', 'transfer-encoding'],
  ...['cache-control', 'vary', 'x-content-type-options'],
]);
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Reads a document once, and checks as many answers against it as there are. */
export function createOpenapiCheck(served: object): OpenapiCheck {
  const document = served as OpenapiDocument;
  const compile = compiler(document);

  const judge = (answer: SeenAnswer): Judgement => {
    const template = templateOf(answer.target, Object.keys(document.paths));
    const operation = template === null ? undefined : document.paths[template]?.[answer.method.toLowerCase()];
    const name = operation === undefined ? UNROUTED : `${answer.method} ${template}`;
    const pair = `${name} ${answer.status}`;
    const at =
      operation === undefined ? '/x-unrouted' : pointer('paths', template, answer.method.toLowerCase());
    const responses = (operation ?? document['x-unrouted']).responses as Readonly<Record<string, Described>>;
    const found = responses[answer.status];
    if (found === undefined) {
      return { pair, findings: [`status ${answer.status} is not documented for ${name}`] };
    }
    const response = resolve(document, found, `${at}/responses/${answer.status}`);
    return {
      pair,
      findings: [
        ...headerFindings(document, response, answer, compile),
        ...bodyFindings(response, answer, compile),
      ],
    };
  };
  return { judge, pairs: pairsOf(document) };
}

interface Located {
  readonly value: Described;
  /** A JSON pointer into the document. */
  readonly at: string;
}

type Compile = (at: string) => ValidateFunction;

function compiler(document: object): Compile {
  const ajv = new Ajv2020({ allErrors: true, strict: false, allowUnionTypes: true });
  ajv.addSchema(document, 'openapi.json', false, false);
  const compiled = new Map<string, ValidateFunction>();
  return (at) => {
    const known = compiled.get(at) ?? ajv.compile({ $ref: `openapi.json#${encodeURI(at)}` });
    compiled.set(at, known);
    return known;
  };
}

function headerFindings(
  document: object,
  response: Located,
  { headers }: SeenAnswer,
  compile: Compile,
): string[] {
  const described = (response.value.headers ?? {}) as Readonly<Record<string, Described>>;
  const findings: string[] = [];
  for (const [name, described_] of Object.entries(described)) {
    const header = resolve(document, described_, `${response.at}/headers/${toPointer(name)}`);
    const value = headers[name.toLowerCase()];
    if (value === undefined) {
      if (header.value.required === true) findings.push(`header ${name} is missing`);
    } else findings.push(...violations(compile(`${header.at}/schema`), value, `header ${name}`));
  }
  const names = new Set(Object.keys(described).map((name) => name.toLowerCase()));
  const unknown = Object.keys(headers).filter((name) => !names.has(name) && !OTHER_HEADERS.has(name));
  return [...findings, ...unknown.map((name) => `header ${name} is not documented`)];
}

function bodyFindings(response: Located, { headers, body, method }: SeenAnswer, compile: Compile): string[] {
  const content = response.value.content as Readonly<Record<string, Described>> | undefined;
  if (content === undefined || method === 'HEAD') {
    return body === '' ? [] : [`a body where none is documented: ${shorten(body)}`];
  }
  const type = (headers['content-type'] ?? 'none').split(';')[0]?.trim() ?? '';
  if (content[type] === undefined) return [`content type ${type} is not documented`];
  const value = parse(body);
  if (value === undefined) return [`the body is not JSON: ${shorten(body)}`];
  return violations(compile(`${response.at}/content/${toPointer(type)}/schema`), value, 'body');
}

function violations(validate: ValidateFunction, value: unknown, what: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const detail = Object.values(params).map(String).join(', ');
    return `${what}${instancePath} ${message} (${detail}); it is ${shorten(JSON.stringify(value))}`;
  });
}

/** Follows a reference; a described thing without one is where it stands. */
function resolve(document: object, value: Described, at: string): Located {
  const { $ref } = value;
  if (typeof $ref !== 'string') return { value, at };
  const target = $ref.slice(1);
  const found = target
    .split('/')
    .slice(1)
    .reduce<unknown>((node, part) => (node as Described | undefined)?.[fromPointer(part)], document);
  if (found === undefined) throw new Error(`${$ref} leads nowhere in the document`);
  return { value: found as Described, at: target };
}

function pairsOf({ paths }: OpenapiDocument): string[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) =>
      Object.keys((item[method]?.responses as object | undefined) ?? {}).map(
        (status) => `${method.toUpperCase()} ${path} ${status}`,
      ),
    ),
  );
}

function templateOf(target: string, templates: readonly string[]): string | null {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  const segments = path.replace(/(?<=.)\/$/, '').split('/');
  const matches = (template: string) => {
    const wanted = template.split('/');
    return (
      wanted.length === segments.length &&
      wanted.every((part, index) =>
        part.startsWith('{') ? segments[index] !== '' : part === segments[index],
      )
    );
  };
  return templates.find(matches) ?? null;
}

function pointer(...parts: readonly (string | null)[]): string {
  return parts.map((part) => `/${toPointer(part ?? '')}`).join('');
}

function toPointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

function fromPointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
