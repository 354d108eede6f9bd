/** `Conv2D` of one pixel: a product of all pixels with the filter, which graph models write as a convolution. */
import { backend_util, type Conv2DAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { engineOf } from '../engine.ts';
import { product } from '../products.ts';
import type { Replacement } from './replacement.ts';

export const convolution: Replacement = ({ inputs, backend, attrs }) => {
  const { x, filter } = inputs as unknown as { readonly x: TensorInfo; readonly filter: TensorInfo };
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs as unknown as Conv2DAttrs;
  if (x.shape.includes(0) || filter.shape.includes(0) || dataFormat !== 'NHWC') return null;
  const [height, width, channels, outputs] = filter.shape;
  const info = backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const { top, bottom, left, right } = info.padInfo;
  const isDense = info.strideHeight === 1 && info.strideWidth === 1 && top + bottom + left + right === 0;
  const isPointwise = height === 1 && width === 1 && isDense;
  if (!isPointwise || x.dtype !== 'float32' || filter.dtype !== 'float32') return null;
  const pixels = { ...x, shape: [x.shape[0] * x.shape[1] * x.shape[2], channels] };
  const weights = { ...filter, shape: [channels, outputs] };
  const out = product(engineOf(backend), pixels, weights, { transposeA: false, transposeB: false });
  return { ...out, shape: info.outShape };
};
