/** A graph that grows node by node. Values are known by their names; every operation here has one output, or says so. */
import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  ELEMENT_TYPES,
  type ElementType,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './schema.ts';

/** Value of an attribute by its kind. */
export type Attribute = { readonly float: number } | { readonly int: number } | { readonly ints: readonly number[] };

/** Attributes of a node by their names. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** Numbers of a constant, row-major, and their shape. */
export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array | Uint8Array | BigInt64Array;
}

/** A size that is known, or the name of one that is not. */
export type Dimension = number | string;

/** Collects the nodes, constants, inputs and outputs of a model. */
export class OnnxGraph {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers = new Map<string, TensorProto>();
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #names = new Set<string>();

  /** Adds an input of the model. @returns its name */
  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Names `value` as an output of the model. */
  output(name: string, value: string, type: ElementType, shape: readonly Dimension[]): void {
    this.#nodes.push({ name, opType: 'Identity', input: [value], output: [name], attribute: [] });
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /**
   * Adds an operation.
   *
   * @param scope what it belongs to, e.g. `layers.2`; it begins the name of the node and of what it writes
   * @param inputs names of values
   * @returns the name of its output
   */
  node(scope: string, opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.nodeOf(scope, opType, inputs, 1, attributes)[0];
  }

  /** As {@link node}, for an operation with `count` outputs. */
  nodeOf(
    scope: string,
    opType: string,
    inputs: readonly string[],
    count: number,
    attributes: Attributes = {},
  ): readonly string[] {
    const name = this.#unused(`${scope}/${opType}`);
    const output = Array.from({ length: count }, (_, i) => `${name}:${i}`);
    const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
    this.#nodes.push({ name, opType, input: inputs, output, attribute });
    return output;
  }

  /** Adds a constant, once a name. @returns its name */
  constant(name: string, { shape, data }: Constant): string {
    if (!this.#initializers.has(name)) {
      const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      this.#initializers.set(name, { name, dims: shape, dataType: ELEMENT_TYPES[elementType(data)], rawData });
    }
    return name;
  }

  /** A constant of one F32. @returns its name */
  scalar(value: number): string {
    return this.constant(`scalar/${value}`, { shape: [], data: Float32Array.of(value) });
  }

  /** A constant of one integer. @returns its name */
  integer(value: number): string {
    return this.constant(`integer/${value}`, { shape: [], data: BigInt64Array.of(BigInt(value)) });
  }

  /** A constant list of sizes or axes. @returns its name */
  integers(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.constant(`integers/${values.join(',')}`, { shape: [values.length], data });
  }

  /** What was collected. */
  finish(name: string): GraphProto {
    return {
      name,
      node: this.#nodes,
      initializer: [...this.#initializers.values()],
      input: this.#inputs,
      output: this.#outputs,
    };
  }

  #unused(name: string): string {
    let unused = name;
    for (let i = 1; this.#names.has(unused); i++) unused = `${name}.${i}`;
    this.#names.add(unused);
    return unused;
  }
}

function elementType(data: Constant['data']): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof BigInt64Array) return 'int64';
  return data instanceof Int8Array ? 'int8' : 'uint8';
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): ValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: ELEMENT_TYPES[type], shape: { dim } } } };
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  if ('float' in value) return { name, type: ATTRIBUTE_TYPES.float, f: value.float };
  if ('int' in value) return { name, type: ATTRIBUTE_TYPES.int, i: value.int };
  return { name, type: ATTRIBUTE_TYPES.ints, ints: value.ints };
}
