/** Where the patches lie that the layers of images look at, in a whole batch. */
import { type Area, type PatchLayer, patchPixels } from '../../format/index.ts';
import { PADDING_ID } from '../token-batch.ts';

/** The pixels of the patches of all images of a batch, which lie one behind the other. */
export function patchesOf(layer: PatchLayer, area: Area, batch: number): Int32Array {
  const one = patchPixels(layer, area);
  const pixels = area[0] * area[1];
  const all = new Int32Array(batch * one.length);
  for (let image = 0; image < batch; image++) {
    for (let i = 0; i < one.length; i++) {
      all[image * one.length + i] = one[i] < 0 ? PADDING_ID : image * pixels + one[i];
    }
  }
  return all;
}
