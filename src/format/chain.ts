/**
 * Reads the layers of a spec and checks that they form a chain: each layer reads what the one before it writes, from
 * token ids to what the task reads.
 */
import { Fields } from './fields.ts';
import { shown } from './json.ts';
import {
  type FlowKind,
  LAYER_RULES,
  type LayerKind,
  type LayerRule,
  type LayerSpec,
  MAX_LAYER_DEPTH,
  MAX_LAYERS,
} from './layers.ts';
import { StudentFormatError } from './rules.ts';

/** What flows at one point of a chain. The width of `tokens` is the number of different ids. */
export interface Flow {
  readonly kind: FlowKind;
  readonly width: number;
}

/** A checked chain. */
export interface Chain {
  readonly layers: readonly LayerSpec[];
  readonly output: Flow;
  /**
   * F32 values a token, and values a text, that all layers together write: what an arena has to hold at most. An
   * attention counts for its scores as well, one a head and a token, which also bounds its time.
   */
  readonly valuesPerToken: number;
}

/** What a spec says of its tokens; layers that have a field of that name repeat it. */
interface TokenLimits {
  readonly vocabSize: number;
  readonly maxTokens: number;
}

/** Reads `value` (the `layers` of a spec) as a chain that starts from token ids. */
export function readChain(value: unknown, path: string, limits: TokenLimits): Chain {
  const reader = new ChainReader(limits);
  const { layers, output } = reader.read(value, path, { kind: 'tokens', width: limits.vocabSize }, 1);
  return { layers, output, valuesPerToken: reader.valuesPerToken };
}

class ChainReader {
  readonly #limits: TokenLimits;
  #count = 0;
  valuesPerToken = 0;

  constructor(limits: TokenLimits) {
    this.#limits = limits;
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
    const spec = fields.read(kind, rule.fields);
    const output = this.#flow(spec, rule, path, input);
    if (kind === 'residual') {
      const inner = this.read(fields.raw('layers'), `${path}.layers`, input, depth + 1);
      if (inner.output.kind !== output.kind || inner.output.width !== output.width) {
        throw new StudentFormatError('layerFlow', `${path}: a residual that does not keep its shape`);
      }
      spec.layers = inner.layers;
    }
    this.valuesPerToken += output.width;
    if (kind === 'attention') this.valuesPerToken += (spec.heads as number) * this.#limits.maxTokens;
    return { spec: spec as unknown as LayerSpec, output };
  }

  #flow(spec: Readonly<Record<string, unknown>>, rule: LayerRule, path: string, input: Flow): Flow {
    if (!rule.reads.includes(input.kind)) {
      throw new StudentFormatError('layerFlow', `${path}: ${String(spec.kind)} after ${input.kind}`);
    }
    const check = (field: string, parts: number, due: number): void => {
      if (!(field in spec) || (spec[field] as number) * parts === due) return;
      throw new StudentFormatError('layerWidth', `${path}.${field} = ${shown(spec[field])} for ${due}`);
    };
    check('vocabSize', 1, this.#limits.vocabSize);
    check('maxTokens', 1, this.#limits.maxTokens);
    if (rule.inputWidth !== null) check(rule.inputWidth, rule.inputParts ?? 1, input.width);
    if ('heads' in spec && (spec.hiddenSize as number) % (4 * (spec.heads as number)) !== 0) {
      throw new StudentFormatError('layerWidth', `${path}.heads = ${shown(spec.heads)} of ${shown(spec.hiddenSize)}`);
    }
    return {
      kind: rule.writes === 'same' ? input.kind : rule.writes,
      width: rule.outputWidth === null ? input.width : (spec[rule.outputWidth] as number),
    };
  }
}
