import { DatabaseError } from '../errors.ts';
import { compileProjection } from '../projection.ts';
import { variablesOf } from '../stages/stage.ts';
import type { Document, Value } from '../values.ts';
import type { Arguments } from './arguments.ts';
import { type Command, type CommandContext, OK, reply } from './command.ts';
import { compileModification, type Modification, modify, upsert } from './modification.ts';
import { type SelectionResult, select } from './selection.ts';

/** Changes or removes one document, and answers with it as it was or as it is now. */
export const findAndModify: Command = {
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'arrayFilters',
    'hint',
    'let',
    'bypassDocumentValidation',
  ],
  run({ arguments: given }, context) {
    const isRemoval = given.flag('remove');
    checkCombination(given, isRemoval);
    const query = given.document('query') ?? new Map();
    const fields = given.document('fields');
    const project = fields === undefined ? undefined : compileProjection(fields, { isFind: true });
    const variables = variablesOf(given.get('let'));
    const collection = context.catalog.find(given.namespace);
    const selection = { query, sort: given.document('sort'), limit: 1, hint: given.get('hint'), variables };
    const result = select(collection, selection);
    const outcome = isRemoval
      ? removeFirst(given, context, result)
      : modifyFirst(given, context, query, result);
    const found = result.selected[0]?.found;
    const value =
      outcome.value === undefined || project === undefined
        ? outcome.value
        : project(outcome.value, found, variables);
    return reply(['lastErrorObject', outcome.about], ['value', value ?? null], OK);
  },
};

function checkCombination(given: Arguments, isRemoval: boolean): void {
  const update = given.get('update');
  if (isRemoval && update !== undefined) {
    throw new DatabaseError('FailedToParse', 'Cannot specify both an update and remove=true');
  }
  if (!isRemoval && update === undefined) {
    throw new DatabaseError('FailedToParse', 'Either an update or remove=true must be specified');
  }
  if (isRemoval && given.flag('upsert')) {
    throw new DatabaseError('FailedToParse', 'Cannot specify both upsert=true and remove=true ');
  }
  if (isRemoval && given.flag('new')) {
    throw new DatabaseError(
      'FailedToParse',
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  }
}

interface Outcome {
  readonly about: Document;
  readonly value: Document | undefined;
}

function removeFirst(given: Arguments, { catalog }: CommandContext, { selected }: SelectionResult): Outcome {
  const [first] = selected;
  if (first !== undefined) catalog.find(given.namespace)?.remove(first.stored);
  return { about: reply(['n', selected.length]), value: first?.stored.document };
}

function modifyFirst(
  given: Arguments,
  { catalog }: CommandContext,
  query: Document,
  { selected }: SelectionResult,
): Outcome {
  const modification: Modification = {
    query,
    update: given.get('update'),
    isMulti: false,
    isUpsert: given.flag('upsert'),
    arrayFilters: given.get('arrayFilters'),
    hint: given.get('hint'),
    constants: undefined,
    variables: given.get('let'),
  };
  const update = compileModification(modification);
  const isNew = given.flag('new');
  const [first] = selected;
  if (first !== undefined) {
    const before = first.stored.document;
    const after = modify(catalog.require(given.namespace), first, update) ?? before;
    return { about: reply(['n', 1], ['updatedExisting', true]), value: isNew ? after : before };
  }
  const none: [string, Value][] = [
    ['n', 0],
    ['updatedExisting', false],
  ];
  if (!modification.isUpsert) return { about: new Map(none), value: undefined };
  const made = upsert(catalog.ensure(given.namespace), query, update);
  const about = reply(['n', 1], ['updatedExisting', false], ['upserted', made.get('_id') ?? null]);
  return { about, value: isNew ? made : undefined };
}
