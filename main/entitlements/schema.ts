import { Lexer, LineCounter, Parser, parseDocument, type YAMLParseError } from 'yaml';
import { z } from 'zod';

/**
 * A plugin's `entitlements.yaml` (CONTRACT.md §4): which features and limits it has, what each tier gives, and
 * what its actions need. Unknown keys are allowed, as in production.
 */
export interface EntitlementsConfig {
  readonly features: Readonly<Record<string, { readonly default: boolean }>>;
  readonly limits: Readonly<Record<string, LimitDefinition>>;
  readonly tiers: Readonly<Record<string, TierDefinition>>;
  readonly actions: Readonly<Record<string, ActionDefinition>>;
}

export const PERIOD_TYPES = ['monthly', 'daily', 'weekly', 'never'] as const;
export type PeriodType = (typeof PERIOD_TYPES)[number];

export interface LimitDefinition {
  /** A cap is a size that the plugin minds itself: nothing of it is used up. */
  readonly type: 'consumable' | 'cap';
  readonly reset: PeriodType;
  readonly default: number;
}

interface TierDefinition {
  readonly inherits?: string | undefined;
  readonly features: Readonly<Record<string, boolean>>;
  readonly limits: Readonly<Record<string, number>>;
}

interface ActionDefinition {
  readonly requires_features: readonly string[];
  readonly consumes: Readonly<Record<string, number>>;
}

export type ParsedEntitlements =
  | { readonly ok: true; readonly config: EntitlementsConfig }
  | {
      readonly ok: false;
      /** One line for each fault. */
      readonly problems: readonly string[];
      /** Only a limit of this parser is exceeded: production reads it. */
      readonly isOverLimit: boolean;
    };

/** What an action needs, in the file and as a plugin may hand it to the stub. */
export const ACTION_DEFINITION = z.object({
  requires_features: z.array(z.string()).default([]),
  consumes: z.record(z.string(), z.number()).default({}),
});

const DOCUMENT = z.object({
  schema_version: z.literal('1.0', { error: 'give schema_version: "1.0", in quotes' }),
  plugin: z.unknown().refine((value) => value !== undefined, 'name the plugin'),
  features: z.record(z.string(), z.object({ default: z.boolean().default(true) })).default({}),
  limits: z
    .record(
      z.string(),
      z.object({
        type: z.enum(['consumable', 'cap']).default('consumable'),
        reset: z.enum(PERIOD_TYPES).default('monthly'),
        default: z.number().default(0),
      }),
    )
    .default({}),
  tiers: z
    .record(
      z.string(),
      z.object({
        inherits: z.string().optional(),
        features: z.record(z.string(), z.boolean()).default({}),
        limits: z.record(z.string(), z.number()).default({}),
      }),
    )
    .default({}),
  actions: z.record(z.string(), ACTION_DEFINITION).default({}),
});

const YAML_OPTIONS = {
  version: '1.1',
  uniqueKeys: false,
  // The library would print its warnings, with what the file holds, where the runtime logs.
  logLevel: 'error',
  // The places of all errors, of which there may be one for each letter, take quadratic time.
  prettyErrors: false,
} as const;

/** Parses and checks the whole file. Pure. */
export function parseEntitlements(text: string): ParsedEntitlements {
  if (isTooDeep(text)) return overLimit(TOO_DEEP);
  const lines = new LineCounter();
  const document = parseDocument(text, { ...YAML_OPTIONS, lineCounter: lines });
  const [broken] = document.errors;
  if (broken !== undefined) return invalid([describeError(broken, lines)]);
  const plain = toPlain(document);
  if (!plain.ok) return plain;
  const parsed = DOCUMENT.safeParse(plain.value);
  if (!parsed.success) return invalid(parsed.error.issues.map(describeIssue));
  const problems = [...danglingNames(parsed.data), ...inheritanceCycles(parsed.data)];
  return problems.length === 0 ? { ok: true, config: parsed.data } : invalid(problems);
}

type Invalid = Extract<ParsedEntitlements, { ok: false }>;

const invalid = (problems: readonly string[]): Invalid => ({ ok: false, problems, isOverLimit: false });
const overLimit = (problem: string): Invalid => ({ ok: false, problems: [problem], isOverLimit: true });

const MAX_LEVELS = 100;
const TOO_DEEP = `it is nested deeper than ${MAX_LEVELS} levels: a plan has five`;

/**
 * Looked at first, in the library's parser, which builds no values: what builds them calls itself for each level, and
 * where the stack ends meanwhile, V8 may end the whole process instead of throwing.
 */
function isTooDeep(text: string): boolean {
  const parser = new Parser();
  for (const token of new Lexer().lex(text)) {
    // Takes the token in.
    Array.from(parser.next(token));
    if (parser.stack.length > MAX_LEVELS) return true;
  }
  return false;
}

/** Limited by the library: a small file can't grow into a large value. */
const MAX_ALIASES = 100;
const TOO_MANY_ALIASES = `its aliases stand for more than ${MAX_ALIASES} values: write out what they stand for`;

type Plain = { readonly ok: true; readonly value: unknown } | Invalid;

function toPlain(document: ReturnType<typeof parseDocument>): Plain {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const isOverLimit = error.message.startsWith('Excessive alias count');
    return isOverLimit ? overLimit(TOO_MANY_ALIASES) : invalid([error.message]);
  }
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? `the file: ${message}` : `${path.map(String).join('.')}: ${message}`;
}

function danglingNames({ features, limits, tiers, actions }: EntitlementsConfig): string[] {
  const unknownParents = Object.entries(tiers)
    .filter(([, { inherits }]) => inherits !== undefined && !Object.hasOwn(tiers, inherits))
    .map(([name, { inherits }]) => `tiers.${name}.inherits: there is no tier '${inherits}'`);
  const unknownNeeds = Object.entries(actions).flatMap(([name, { requires_features, consumes }]) => [
    ...requires_features
      .filter((feature) => !Object.hasOwn(features, feature))
      .map((feature) => `actions.${name}.requires_features: there is no feature '${feature}'`),
    ...Object.keys(consumes)
      .filter((limit) => !Object.hasOwn(limits, limit))
      .map((limit) => `actions.${name}.consumes: there is no limit '${limit}'`),
  ]);
  return [...unknownParents, ...unknownNeeds];
}

/** Each tier is walked through once: a file may have thousands, each inheriting from the one before. */
function inheritanceCycles({ tiers }: EntitlementsConfig): string[] {
  const ends = new Map<string, boolean>();
  for (const name of Object.keys(tiers)) {
    const walked = new Set<string>();
    let next: string | undefined = name;
    while (next !== undefined && !ends.has(next) && !walked.has(next)) {
      walked.add(next);
      next = tiers[next]?.inherits;
    }
    const isEnd = next === undefined || ends.get(next) === true;
    for (const one of walked) ends.set(one, isEnd);
  }
  return Object.keys(tiers)
    .filter((name) => ends.get(name) === false)
    .map((name) => `tiers.${name}.inherits: it inherits from itself`);
}

/** A tier and those it inherits from, the nearest first; null when they form a circle. */
export function inheritanceOf(tiers: EntitlementsConfig['tiers'], name: string): readonly string[] | null {
  const chain = new Set<string>();
  for (let next: string | undefined = name; next !== undefined; next = tiers[next]?.inherits) {
    if (chain.has(next)) return null;
    chain.add(next);
  }
  return [...chain];
}

function describeError({ message, pos: [at] }: YAMLParseError, lines: LineCounter): string {
  const { line, col } = lines.linePos(at);
  return `${message.split('\n', 1).join('')} at line ${line}, column ${col}`;
}
