import type { Document, Maybe, Value } from '../values.ts';

/** What an expression is computed over. */
export interface Scope {
  /** The stage's document: `$$ROOT`, and what field paths begin at. */
  readonly root: Document;
  /** The same but where `$redact`-like stages descend: `$$CURRENT`. */
  readonly current: Maybe;
  readonly variables: Variables | undefined;
}

/** The innermost variable, and those around it. */
export interface Variables {
  readonly name: string;
  readonly value: Maybe;
  readonly outer: Variables | undefined;
}

export function withVariable(scope: Scope, name: string, value: Maybe): Scope {
  return { root: scope.root, current: scope.current, variables: { name, value, outer: scope.variables } };
}

/** @returns an expression's value; undefined when there is none, which is not null */
export type Expression = (scope: Scope) => Maybe;

export type Compile = (value: Value) => Expression;

/** Makes the expression `{name: operand}`; `compile` compiles what it contains. */
export type Operator = (operand: Value, compile: Compile, name: string) => Expression;

export type Operators = Readonly<Record<string, Operator>>;
