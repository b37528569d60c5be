import type { Collection } from '../collection.ts';
import type { Variables } from '../expressions/scope.ts';
import { isNumeric, toNumber } from '../numbers.ts';
import { type Plan, planQuery } from '../plan.ts';
import { compileQuery, type Found } from '../query/query.ts';
import { compileSort } from '../sort.ts';
import type { StoredDocument } from '../stored-document.ts';
import type { Document, Maybe } from '../values.ts';

/** Which documents a command is about. */
export interface Selection {
  readonly query: Document;
  readonly sort?: Document | undefined;
  readonly skip?: number | undefined;
  /** 0: all. */
  readonly limit?: number | undefined;
  readonly hint?: Maybe;
  readonly variables?: Variables | undefined;
}

export interface Selected {
  readonly stored: StoredDocument;
  /** Where the query matched in an array. */
  readonly found: Found;
}

export interface SelectionResult {
  readonly plan: Plan;
  readonly selected: readonly Selected[];
  /** How many documents were looked at. */
  readonly examined: number;
}

/** @throws {DatabaseError} for what is no query or no sort, also when there are no documents */
export function select(collection: Collection | undefined, selection: Selection): SelectionResult {
  const { sort, skip = 0, limit = 0, variables } = selection;
  const query = compileQuery(selection.query);
  const isNatural = sort?.has('$natural') === true;
  const order = sort === undefined || sort.size === 0 || isNatural ? undefined : compileSort(sort);
  if (collection === undefined) return { plan: NOTHING, selected: [], examined: 0 };
  const plan = planQuery(collection, selection.query, selection.hint);
  // Without an order, the first ones will do.
  const enough = order === undefined && !isNatural && limit > 0 ? skip + limit : Number.POSITIVE_INFINITY;
  let selected: Selected[] = [];
  let examined = 0;
  let found: Found = { position: undefined };
  for (const stored of plan.candidates()) {
    if (selected.length >= enough) break;
    examined++;
    if (query(stored.document, found, variables)) {
      selected.push({ stored, found });
      found = { position: undefined };
    } else {
      found.position = undefined;
    }
  }
  if (order !== undefined) selected = order(selected, ({ stored }) => stored.document);
  if (isNatural && isBackwards(sort)) selected.reverse();
  if (skip > 0 || limit > 0) selected = selected.slice(skip, limit > 0 ? skip + limit : undefined);
  return { plan, selected, examined };
}

function isBackwards(sort: Document): boolean {
  const direction = sort.get('$natural');
  return isNumeric(direction) && toNumber(direction) < 0;
}

const NOTHING: Plan = { index: undefined, candidates: () => [] };
