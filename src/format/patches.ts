/** Where the patches of an image lie that a 2-d layer looks at. */
import type { Conv2dSpec, MaxPool2dSpec, Padding } from './layers.ts';

/** Height and width of an image, in pixels. */
export type Area = readonly [height: number, width: number];

/** A layer that looks at an image patch by patch. */
export type PatchLayer = MaxPool2dSpec | Conv2dSpec;

/** How many patches there are from one edge of an image to the other, and how far the first begins outside. */
function patchesAlong(size: number, kernelSize: number, stride: number, padding: Padding): readonly [number, number] {
  if (padding === 'valid') return [Math.floor((size - kernelSize) / stride) + 1, 0];
  const count = Math.ceil(size / stride);
  return [count, Math.max(0, (count - 1) * stride + kernelSize - size) >> 1];
}

/** Patches down and right: the area of the image that the layer writes; 0 or less where a patch does not fit. */
export function patchArea(layer: PatchLayer, area: Area): Area {
  return area.map((size) => edgeOf(layer, size)[0]) as unknown as Area;
}

function edgeOf(layer: PatchLayer, size: number): readonly [number, number] {
  return patchesAlong(size, layer.kernelSize, layer.stride, layer.kind === 'conv2d' ? layer.padding : 'valid');
}

/**
 * The pixels of every patch, patch by patch, row by row: `[patches, kernelSize * kernelSize]` numbers of pixels, -1 for
 * one that lies outside.
 */
export function patchPixels(layer: PatchLayer, [height, width]: Area): Int32Array {
  const { kernelSize, stride } = layer;
  const [rows, top] = edgeOf(layer, height);
  const [columns, left] = edgeOf(layer, width);
  return Int32Array.from({ length: rows * columns * kernelSize * kernelSize }, (_, i) => {
    const [patch, tap] = [Math.floor(i / kernelSize ** 2), i % kernelSize ** 2];
    const y = Math.floor(patch / columns) * stride - top + Math.floor(tap / kernelSize);
    const x = (patch % columns) * stride - left + (tap % kernelSize);
    return y >= 0 && y < height && x >= 0 && x < width ? y * width + x : -1;
  });
}
