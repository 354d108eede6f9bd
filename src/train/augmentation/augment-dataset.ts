/** A dataset with augmented rows among its training rows. */
import { InputError } from '../../format/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { inputKindOf } from '../inputs.ts';
import { countTexts } from '../storage/stored-texts.ts';
import { type AugmentationSpec, augmentRows } from './augment-rows.ts';
import { METHOD_NAMES } from './methods.ts';

/**
 * Puts augmented rows behind the training rows; what was made, and what was left out and why, is told to `onNotice`.
 *
 * @param spec null where a config asks for none
 * @throws InputError with code `invalid_config` where rows lie on disk: what is made is made from all rows together
 */
export function augmentDataset(
  dataset: Dataset,
  spec: AugmentationSpec | null,
  onNotice: (line: string) => void = () => undefined,
): Dataset {
  if (spec === null) return dataset;
  if (inputKindOf(dataset) !== 'text') {
    const message = `augment: expected rows of one text, got ${dataset.pairField === undefined ? 'images' : 'pairs'}; leave augment out`;
    throw new InputError(message, { code: 'invalid_config' });
  }
  if (dataset.stored !== undefined) {
    const message = `augment: expected unlabelled rows in memory, got ${countTexts(dataset.stored)} on disk; raise data.maxUnlabelledInMemory, or leave augment out`;
    throw new InputError(message, { code: 'invalid_config' });
  }
  const { rows, report } = augmentRows(dataset, spec);
  const { wanted, made, byMethod, repeated, heldOut } = report;
  const parts = METHOD_NAMES.flatMap((name) => (byMethod[name] > 0 ? [`${name} ${byMethod[name]}`] : []));
  onNotice(
    `augment: ${made} of ${wanted} rows made (${parts.join(', ') || 'none'}); left out ${repeated} that were there already and ${heldOut} that are in dev or test`,
  );
  return { ...dataset, train: [...dataset.train, ...rows] };
}
