/**
 * Reads the layers of a spec and checks that they form a chain: each layer reads what the one before it writes, from
 * token ids to what the task reads.
 */
import { Fields } from './fields.ts';
import { shown } from './json.ts';
import {
  alignedWidth,
  type FlowKind,
  LAYER_RULES,
  type LayerKind,
  type LayerRule,
  type LayerSpec,
  MAX_LAYER_DEPTH,
  MAX_LAYERS,
} from './layers.ts';
import { type Area, type PatchLayer, patchArea } from './patches.ts';
import { StudentFormatError } from './rules.ts';

/**
 * What flows at one point of a chain. The width of `tokens` is the number of different ids, that of an `image` its
 * channels.
 */
export interface Flow {
  readonly kind: FlowKind;
  readonly width: number;
  /** Of an `image`. */
  readonly area?: Area;
}

/** A checked chain. */
export interface Chain {
  readonly layers: readonly LayerSpec[];
  readonly output: Flow;
  /**
   * F32 values that all layers together write, which bounds an arena within a factor of four. Each layer counts once a
   * token, and one that writes an image once a pixel. An attention counts for its scores as well, one a head and a token,
   * which also bounds its time; patches of an image count with their pixels and the numbers of these.
   */
  readonly values: number;
}

/** What a student reads: the flow that its chain starts from, and what the spec says of its tokens, if any. */
export interface ChainInput {
  readonly flow: Flow;
  /** 1 for an image. */
  readonly maxTokens: number;
  /** Whether there are two texts. */
  readonly isPair: boolean;
}

/** Reads `value` (the `layers` of a spec) as a chain that starts from `input`. */
export function readChain(value: unknown, path: string, input: ChainInput): Chain {
  const reader = new ChainReader(input);
  const { layers, output } = reader.read(value, path, input.flow, 1);
  const joins = layers.filter(({ kind }) => kind === 'pairFeatures').length;
  if (joins !== Number(input.isPair)) {
    throw new StudentFormatError('layerFlow', `${joins} pairFeatures`);
  }
  return { layers, output, values: reader.values };
}

class ChainReader {
  readonly #input: ChainInput;
  #count = 0;
  values = 0;

  constructor(input: ChainInput) {
    this.#input = input;
    const { area, width } = input.flow;
    if (area !== undefined) this.values = area[0] * area[1] * alignedWidth(width);
  }

  read(value: unknown, path: string, input: Flow, depth: number): { layers: LayerSpec[]; output: Flow } {
    if (!Array.isArray(value) || value.length === 0 || depth > MAX_LAYER_DEPTH) {
      throw new StudentFormatError('layerCount', `${path} = ${shown(value)} at depth ${depth}`);
    }
    const layers: LayerSpec[] = [];
    let output = input;
    for (const [i, item] of value.entries()) {
      const layer = this.#readLayer(item, `${path}[${i}]`, output, depth);
      layers.push(layer.spec);
      output = layer.output;
    }
    return { layers, output };
  }

  #readLayer(value: unknown, path: string, input: Flow, depth: number): { spec: LayerSpec; output: Flow } {
    this.#count++;
    if (this.#count > MAX_LAYERS) throw new StudentFormatError('layerCount', `more than ${MAX_LAYERS}`);
    const fields = new Fields(value, path);
    const kind = fields.raw('kind');
    if (typeof kind !== 'string' || !Object.hasOwn(LAYER_RULES, kind)) {
      throw new StudentFormatError('layerKind', `${path}.kind = ${shown(kind)}`);
    }
    const rule = LAYER_RULES[kind as LayerKind];
    const spec = fields.read<Record<string, unknown>>(rule.fields ?? {}, kind);
    const output = this.#flow(spec, rule, path, input);
    if (kind === 'pairFeatures' && depth > 1) throw new StudentFormatError('layerFlow', `${path}: in a residual`);
    if (kind === 'residual') {
      const inner = this.read(fields.raw('layers'), `${path}.layers`, input, depth + 1);
      if (inner.output.kind !== output.kind || inner.output.width !== output.width) {
        throw new StudentFormatError('layerFlow', `${path}: a residual that does not keep its shape`);
      }
      spec.layers = inner.layers;
    }
    const { maxTokens } = this.#input;
    const [rows, columns] = output.area ?? [maxTokens, 1];
    let values = alignedWidth(output.width);
    if (kind === 'attention') values += (spec.heads as number) * maxTokens;
    if (kind === 'conv2d' || kind === 'maxPool2d')
      values += 2 * (spec.kernelSize as number) ** 2 * alignedWidth(input.width);
    this.values += rows * columns * values;
    return { spec: spec as unknown as LayerSpec, output };
  }

  #flow(spec: Readonly<Record<string, unknown>>, rule: LayerRule, path: string, input: Flow): Flow {
    if (![rule.reads].flat().includes(input.kind)) {
      throw new StudentFormatError('layerFlow', `${path}: ${String(spec.kind)} after ${input.kind}`);
    }
    const check = (field: string, parts: number, due: number): void => {
      if (!(field in spec) || (spec[field] as number) * parts === due) return;
      throw new StudentFormatError('layerWidth', `${path}.${field} = ${shown(spec[field])} for ${due}`);
    };
    check('vocabSize', 1, this.#input.flow.width);
    check('maxTokens', 1, this.#input.maxTokens);
    if (rule.inputWidth !== undefined) check(rule.inputWidth, rule.inputParts ?? 1, input.width);
    if ('heads' in spec && (spec.hiddenSize as number) % (4 * (spec.heads as number)) !== 0) {
      throw new StudentFormatError('layerWidth', `${path}.heads = ${shown(spec.heads)} of ${shown(spec.hiddenSize)}`);
    }
    const { writes: kind = input.kind } = rule;
    const width = rule.outputWidth === undefined ? input.width : (spec[rule.outputWidth] as number);
    if (input.area === undefined) return { kind, width: width * (rule.outputParts ?? 1) };
    if (kind === 'vector') return { kind, width: width * input.area[0] * input.area[1] };
    const area = patchArea(spec as unknown as PatchLayer, input.area);
    if (Math.min(...area) < 1) {
      throw new StudentFormatError('layerWidth', `${path}.kernelSize = ${shown(spec.kernelSize)} for ${input.area}`);
    }
    return { kind, width, area };
  }
}
