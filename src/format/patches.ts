/** Where the patches of an image lie that a 2-d layer looks at. */
import type { Conv2dSpec, MaxPool2dSpec } from './layers.ts';

/** Height and width of an image, in pixels. */
export type Area = readonly [height: number, width: number];

/** A layer that looks at an image patch by patch; without `padding` all of a patch is inside. */
export type PatchLayer = Pick<MaxPool2dSpec, 'kernelSize' | 'stride'> & Partial<Pick<Conv2dSpec, 'padding'>>;

/** Patches down and right: the area of the image that the layer writes; 0 or less where a patch does not fit. */
export function patchArea({ kernelSize, stride, padding }: PatchLayer, area: Area): Area {
  const reach = padding === 'same' ? 1 : kernelSize;
  return area.map((size) => Math.floor((size - reach + stride) / stride)) as unknown as Area;
}

/**
 * The pixels of every patch, patch by patch, row by row: `[patches, kernelSize * kernelSize]` numbers of pixels, -1 for
 * one that lies outside.
 */
export function patchPixels(layer: PatchLayer, area: Area): Int32Array {
  const { kernelSize, stride } = layer;
  const counts = patchArea(layer, area);
  const [top, left] = area.map((size, i) => Math.max(0, (counts[i] - 1) * stride + kernelSize - size) >> 1);
  const pixels: number[] = [];
  for (let i = 0; i < counts[0] * counts[1] * kernelSize ** 2; i++) {
    const [patch, tap] = [Math.floor(i / kernelSize ** 2), i % kernelSize ** 2];
    const y = Math.floor(patch / counts[1]) * stride - top + Math.floor(tap / kernelSize);
    const x = (patch % counts[1]) * stride - left + (tap % kernelSize);
    pixels.push(y >= 0 && y < area[0] && x >= 0 && x < area[1] ? y * area[1] + x : -1);
  }
  return Int32Array.from(pixels);
}
