import { formatJson } from '../../../../main/contract/json-text.ts';
import { choose, uiStore } from '../../../state/app/ui.ts';
import { ownValue } from './run-choices.ts';

export const EMPTY_BODY = '{}';

/** The body in the editor for `plugin`. */
export function bodyOf(plugin: string): string {
  return ownValue(uiStore.getState().choices.runBodies, plugin) ?? EMPTY_BODY;
}

export function writeBody(plugin: string, body: string): void {
  choose({ runBodies: { ...uiStore.getState().choices.runBodies, [plugin]: body } });
}

/** Formats the body; one that is not JSON stays as it is. */
export function formatBody(plugin: string): void {
  const formatted = formatJson(bodyOf(plugin));
  if (formatted !== null) writeBody(plugin, formatted);
}

/** Whether two texts are the same JSON apart from whitespace (values are compared as typed); otherwise whether they are equal. */
export function isSameBody(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [formatJson(a), formatJson(b)];
  return left !== null && left === right;
}
