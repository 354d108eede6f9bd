/**
 * The part of the ONNX format (github.com/onnx/onnx, `onnx/onnx.proto3`) that a student needs, as protobufjs reads a
 * schema, and the same as types. Numbers are those of the specification: they are the format.
 */

/** Version of the default operator set; 17 is the first with `LayerNormalization`. */
export const OPSET_VERSION = 17;
/** Version of the file format that came with that operator set. */
export const IR_VERSION = 8;

/** Element types of a tensor. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int64: 7, bool: 9 } as const;
/** Name of an element type. */
export type ElementType = keyof typeof ELEMENT_TYPES;

/** Kinds of an attribute. */
export const ATTRIBUTE_TYPES = { float: 1, int: 2, ints: 7 } as const;

/** An attribute of a node; `type` is one of {@link ATTRIBUTE_TYPES}. */
export interface AttributeProto {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly ints?: readonly number[];
}

/** One operation. */
export interface NodeProto {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

/** A constant, its numbers little-endian and row-major. */
export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

/** An input or output; a dimension that is not known has a name. */
export interface ValueInfoProto {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly ({ readonly dimParam: string } | { readonly dimValue: number })[] };
    };
  };
}

/** The operations of a model, in an order in which they can run. */
export interface GraphProto {
  readonly name: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

/** A whole file. */
export interface ModelProto {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly docString: string;
  readonly graph: GraphProto;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
}

interface FieldSchema {
  readonly type: string;
  readonly id: number;
  readonly rule?: 'repeated';
}

interface MessageSchema {
  readonly fields: Readonly<Record<string, FieldSchema>>;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
}

const one = (type: string, id: number): FieldSchema => ({ type, id });
const many = (type: string, id: number): FieldSchema => ({ type, id, rule: 'repeated' });

/** Messages and fields by their names here; a file has only the numbers. */
export const ONNX_SCHEMA: { readonly nested: Readonly<Record<string, MessageSchema>> } = {
  nested: {
    ModelProto: {
      fields: {
        irVersion: one('int64', 1),
        producerName: one('string', 2),
        producerVersion: one('string', 3),
        docString: one('string', 6),
        graph: one('GraphProto', 7),
        opsetImport: many('OperatorSetIdProto', 8),
        metadataProps: many('StringStringEntryProto', 14),
      },
    },
    OperatorSetIdProto: { fields: { domain: one('string', 1), version: one('int64', 2) } },
    StringStringEntryProto: { fields: { key: one('string', 1), value: one('string', 2) } },
    GraphProto: {
      fields: {
        node: many('NodeProto', 1),
        name: one('string', 2),
        initializer: many('TensorProto', 5),
        input: many('ValueInfoProto', 11),
        output: many('ValueInfoProto', 12),
      },
    },
    NodeProto: {
      fields: {
        input: many('string', 1),
        output: many('string', 2),
        name: one('string', 3),
        opType: one('string', 4),
        attribute: many('AttributeProto', 5),
      },
    },
    AttributeProto: {
      fields: {
        name: one('string', 1),
        f: one('float', 2),
        i: one('int64', 3),
        ints: many('int64', 8),
        type: one('int32', 20),
      },
    },
    TensorProto: {
      fields: {
        dims: many('int64', 1),
        dataType: one('int32', 2),
        name: one('string', 8),
        rawData: one('bytes', 9),
      },
    },
    ValueInfoProto: { fields: { name: one('string', 1), type: one('TypeProto', 2) } },
    TypeProto: { fields: { tensorType: one('TensorTypeProto', 1) } },
    TensorTypeProto: { fields: { elemType: one('int32', 1), shape: one('TensorShapeProto', 2) } },
    TensorShapeProto: { fields: { dim: many('DimensionProto', 1) } },
    DimensionProto: {
      oneofs: { value: { oneof: ['dimValue', 'dimParam'] } },
      fields: { dimValue: one('int64', 1), dimParam: one('string', 2) },
    },
  },
};
