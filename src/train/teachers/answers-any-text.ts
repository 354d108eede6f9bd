/** Whether a model can be asked about any text, and not about those of a run alone. */
import { kindOf } from './kinds.ts';
import type { ModelOptions } from './teacher.ts';

export function answersAnyText(options: ModelOptions): boolean {
  return kindOf(options).answersKnownTexts !== true;
}
