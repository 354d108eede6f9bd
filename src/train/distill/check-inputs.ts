/** Whether a teacher can be asked about what the rows of a dataset are, known before it is. */
import type { BackendName } from '../backend.ts';
import type { MemberConfig } from '../config/config.ts';
import { invalid } from '../config/invalid-config.ts';
import type { Dataset } from '../data/dataset.ts';
import { type InputKind, teacherInputKindOf } from '../inputs.ts';
import { kindOf } from '../teachers/kinds.ts';
import type { ModelOptions } from '../teachers/teacher.ts';
import { givesFeatures } from './feature-terms.ts';

/**
 * A head is fitted to what an encoder says of both texts of a pair; images go to models that say so, without options
 * that only count for texts, or the other way round.
 *
 * @throws InputError with code `invalid_config`
 */
export async function checkInputs(
  teacher: readonly MemberConfig[],
  dataset: Dataset,
  backend: BackendName,
): Promise<void> {
  const reads = teacherInputKindOf(dataset);
  const kinds = teacher.map(({ options }) => options.kind).join(', ');
  if (reads === 'image' && !teacher.every(({ options }) => kindOf(options).readsImages)) {
    throw invalid('teacher', `expected one that reads images, got ${kinds}; take kind scratch`);
  }
  for (const { options } of teacher) checkOptions(options, reads);
  if (reads !== 'pair') return;
  const learns = teacher.some(({ options }) => kindOf(options).needsFit?.(options) === true);
  if (learns || !(await givesFeatures(teacher, dataset, backend))) {
    const advice = 'take universal-sentence-encoder, or an encoder as it is';
    throw invalid('teacher', `expected a single model that embeds texts, for pairs of them, got ${kinds}; ${advice}`);
  }
}

function checkOptions(options: ModelOptions, reads: InputKind): void {
  const [own, other] = reads === 'image' ? (['images', 'text'] as const) : (['texts', 'image'] as const);
  for (const name of kindOf(options).onlyFor?.[other] ?? []) {
    const value: unknown = options[name];
    if (value === undefined) continue;
    const got = JSON.stringify(value);
    throw invalid(`teacher.${name}`, `expected nothing, since the teacher reads ${own}, got ${got}; leave it out`);
  }
}
