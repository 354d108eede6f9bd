/** Whether a teacher can be asked about what the rows of a dataset are, known before it is. */
import type { BackendName } from '../backend.ts';
import type { MemberConfig } from '../config/config.ts';
import { invalid } from '../config/invalid-config.ts';
import type { Dataset } from '../data/dataset.ts';
import { teacherInputKindOf } from '../inputs.ts';
import { kindOf } from '../teachers/kinds.ts';
import { givesFeatures } from './feature-terms.ts';

/**
 * A head is fitted to what an encoder says of both texts of a pair; images go to models that say so.
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
  if (reads !== 'pair') return;
  const learns = teacher.some(({ options }) => kindOf(options).needsFit?.(options) === true);
  if (learns || !(await givesFeatures(teacher, dataset, backend))) {
    const advice = 'take universal-sentence-encoder, or an encoder as it is';
    throw invalid('teacher', `expected a single model that embeds texts, for pairs of them, got ${kinds}; ${advice}`);
  }
}
