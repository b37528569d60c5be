import type { Result } from '../../main/contract/errors.ts';
import type { AnswerOf, ArgumentOf, InspectorName } from '../../main/contract/inspector.ts';
import type { TestRuntime } from './runtime.ts';

/** Calls a function of a runtime's Inspector. Throws `CODE: message` when it refuses. */
export async function callInspector<N extends InspectorName>(
  { runtime }: TestRuntime,
  name: N,
  argument: ArgumentOf<N>,
): Promise<AnswerOf<N>> {
  const answer = (await runtime.inspector.call(name, argument)) as Result<AnswerOf<N>>;
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value;
}
