/** Dense layer: int8 weights against dynamically quantized activations, or F32 on the scalar path. */
import type { DenseSpec } from '../../format/index.ts';
import { scaleName } from '../../format/index.ts';
import { ACTIVATION_CODES, packInt8, quantizedBytes } from '../kernels/kernels.ts';
import { type Flowing, floatKernels, type Plan, rowsAt, type Step } from '../plan.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans `activation(x W^T + b)`, keeping the kind of flow. */
export const planDense: LayerPlanner<DenseSpec> = (plan, spec, name, input) => {
  const output = plan.acquireFlow(input.kind, spec.outputSize, input.area);
  const step = plan.isFloat ? planFloat(plan, spec, name, input, output) : planInt8(plan, spec, name, input, output);
  return { output, steps: [step] };
};

function planFloat(plan: Plan, spec: DenseSpec, name: string, input: Flowing, output: Flowing): Step {
  const { inputSize, outputSize } = spec;
  const activation = ACTIVATION_CODES[spec.activation];
  const bias = plan.placeTensor(`${name}.bias`);
  const w = plan.placeTensor(`${name}.weight`, inputSize);
  return (kernels, count) => {
    const rows = rowsAt(input, count);
    const { offset: out } = output;
    floatKernels(kernels).matmulFloat32(out, input.offset, w, bias, rows, inputSize, outputSize, activation);
  };
}

function planInt8(plan: Plan, spec: DenseSpec, name: string, input: Flowing, { offset: out }: Flowing): Step {
  const { inputSize, outputSize } = spec;
  const activation = ACTIVATION_CODES[spec.activation];
  const bias = plan.placeTensor(`${name}.bias`);
  const weights = plan.tensors.get(`${name}.weight`)!.data as Int8Array;
  const [w, sums] = packInt8(weights, outputSize, inputSize, plan.group).map((part) => plan.constant(part));
  const wScales = plan.placeTensor(scaleName(`${name}.weight`));
  const maxRows = rowsAt(input, plan.maxTokens);
  const q = plan.acquire(quantizedBytes(maxRows, inputSize, plan.group));
  const scales = plan.acquire(4 * maxRows);
  const zeros = plan.acquire(4 * maxRows);
  for (const scratch of [q, scales, zeros]) plan.release(scratch);
  return (kernels, count) => {
    const rows = rowsAt(input, count);
    kernels.quantizeRows(q, scales, zeros, input.offset, rows, inputSize);
    kernels.matmulInt8(out, q, scales, zeros, w, sums, wScales, bias, rows, inputSize, outputSize, activation);
  };
}
