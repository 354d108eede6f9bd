/**
 * The `image` family: 2-d convolutions, each with max pooling behind it that halves the image (LeCun et al. 1998, "
 * Gradient-based learning applied to document recognition"), and a perceptron over what is left.
 */
import { type Area, type Conv2dSpec, type ImageInput, type LayerSpec, patchArea } from '../../format/index.ts';

/** Sizes of an image student. */
export interface ImageSizes {
  readonly image: Omit<ImageInput, 'kind'>;
  readonly numLabels: number;
  /** Channels that each convolution writes. */
  readonly filters: readonly number[];
  /** Height and width of what a convolution sees at once. */
  readonly kernelSize: number;
  /** Width of the layer between the last image and the logits; 0 for none. */
  readonly perceptronSize: number;
}

/** Layers of an image student. */
export function imageLayers({ image, numLabels, filters, kernelSize, perceptronSize }: ImageSizes): LayerSpec[] {
  const layers: LayerSpec[] = [];
  const pool = { kind: 'maxPool2d', kernelSize: 2, stride: 2 } as const;
  let area: Area = [image.height, image.width];
  let inputChannels = image.channels;
  for (const outputChannels of filters) {
    const sizes = { inputChannels, outputChannels, kernelSize, stride: 1 } as const;
    const convolution: Conv2dSpec = { kind: 'conv2d', ...sizes, padding: 'same', activation: 'relu' };
    layers.push(convolution, pool);
    area = patchArea(pool, patchArea(convolution, area));
    inputChannels = outputChannels;
  }
  layers.push({ kind: 'flatten' });
  let inputSize = area[0] * area[1] * inputChannels;
  if (perceptronSize > 0) {
    layers.push({ kind: 'dense', inputSize, outputSize: perceptronSize, activation: 'relu' });
    inputSize = perceptronSize;
  }
  return [...layers, { kind: 'dense', inputSize, outputSize: numLabels, activation: 'none' }];
}
