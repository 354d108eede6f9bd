/** A student in a graph: its inputs, its layers, and what its task asks for. */
import { type ImageInput, type LayerSpec, layerName, outputOf, type StudentSpec } from '../../../format/index.ts';
import type { OnnxGraph } from './graph.ts';
import { writeChain } from './layers/index.ts';
import type { OnnxContext, OnnxFlow } from './layers/layer.ts';
import { pairFeatures } from './layers/pair-features.ts';
import { ELEMENT_TYPES } from './schema.ts';

/** What is the same wherever a layer stands. */
type Shared = Pick<OnnxContext, 'graph' | 'weights' | 'precision'>;

/**
 * Writes a student from its inputs to its output.
 *
 * @param isPadded whether the texts of a batch have masks
 */
export function writeStudent(shared: Shared, spec: StudentSpec, isPadded: boolean): void {
  const { graph } = shared;
  const { value } = writeLayers({ ...shared, chain: writeChain }, spec, isPadded);
  const { width } = outputOf(spec, spec.layers.length - 1);
  if (spec.task.kind === 'embed') {
    graph.output('embedding', unitVector(graph, value), 'float32', ['batch', width]);
  } else {
    const shape = spec.task.kind === 'tag' ? ['batch', 'sequence', width] : ['batch', width];
    graph.output('logits', value, 'float32', shape);
  }
}

function writeLayers(
  shared: Shared & Pick<OnnxContext, 'chain'>,
  { input, layers }: StudentSpec,
  isPadded: boolean,
): OnnxFlow {
  const textless: OnnxContext = { ...shared, ids: null, mask: null };
  if (input?.kind === 'image') return writeChain(textless, layers, 'layers', readImage(shared.graph, input));
  if (input === undefined) return writeText(shared, layers, isPadded, ['ids', 'mask', 'sequence']);
  const join = layers.findIndex(({ kind }) => kind === 'pairFeatures');
  const ofText = layers.slice(0, join);
  const u = writeText(shared, ofText, isPadded, ['ids', 'mask', 'sequence']);
  const v = writeText(shared, ofText, isPadded, ['pairIds', 'pairMask', 'pairSequence']);
  const joined = pairFeatures(textless, layerName('layers', join), u, v);
  return writeChain(textless, layers.slice(join + 1), 'layers', joined, join + 1);
}

/** Writes what is done with one text; the second text of a pair has the same constants. */
function writeText(
  shared: Shared & Pick<OnnxContext, 'chain'>,
  layers: readonly LayerSpec[],
  isPadded: boolean,
  [idsName, maskName, length]: readonly [ids: string, mask: string, length: string],
): OnnxFlow {
  const shape = ['batch', length];
  const ids = shared.graph.input(idsName, 'int64', shape);
  const mask = isPadded ? shared.graph.input(maskName, 'bool', shape) : null;
  return writeChain({ ...shared, ids, mask }, layers, 'layers', { kind: 'tokens', value: ids });
}

/** Bytes `[batch, height, width, channels]` as F32 from 0 to 1. */
function readImage(graph: OnnxGraph, { height, width, channels }: ImageInput): OnnxFlow {
  const pixels = graph.input('pixels', 'uint8', ['batch', height, width, channels]);
  const channelsFirst = graph.node('pixels', 'Transpose', [pixels], { perm: { ints: [0, 3, 1, 2] } });
  const floats = graph.node('pixels', 'Cast', [channelsFirst], { to: { int: ELEMENT_TYPES.float32 } });
  return { kind: 'image', value: graph.node('pixels', 'Div', [floats, graph.scalar(255)]), area: [height, width] };
}

/** Each vector divided by its length, as `Student.embed` does; zeros stay. */
function unitVector(graph: OnnxGraph, value: string): string {
  const length = graph.node('embedding', 'ReduceL2', [value], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const isPositive = graph.node('embedding', 'Greater', [length, graph.scalar(0)]);
  return graph.node('embedding', 'Div', [
    value,
    graph.node('embedding', 'Where', [isPositive, length, graph.scalar(1)]),
  ]);
}
