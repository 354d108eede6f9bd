/**
 * From valibot to JSON Schema 2020-12, for the part of valibot that the server uses. A schema of another kind is an
 * error, found by the first test that asks for `openapi.json`: a wrong description is worse than none.
 */
import type * as v from 'valibot';
import { RetortError } from '../../format/index.ts';

/** A JSON Schema. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Schemas that are described once and referred to, with their names. */
export type NamedSchemas = ReadonlyMap<v.GenericSchema, string>;

/** What the converter reads of a schema or of an action in a pipe. */
interface Node {
  readonly type: string;
  readonly pipe?: readonly Node[];
  readonly entries?: Readonly<Record<string, Node>>;
  readonly item?: Node;
  readonly value?: Node;
  readonly wrapped?: Node;
  readonly options?: readonly (Node | string)[];
  readonly literal?: string;
  readonly requirement?: number;
  readonly description?: string;
}

/** Describes a schema; one that has a name, inside or outside, becomes a reference to `#/components/schemas`. */
export function jsonSchemaOf(schema: v.GenericSchema, named: NamedSchemas = new Map()): JsonSchema {
  const name = named.get(schema);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  return describe(schema as unknown as Node, named);
}

/** Describes a schema in full, whether it has a name or not. */
export function fullJsonSchemaOf(schema: v.GenericSchema, named: NamedSchemas): JsonSchema {
  return describe(schema as unknown as Node, named);
}

function describe(node: Node, named: NamedSchemas): JsonSchema {
  if (node.pipe === undefined) return describeType(node, named);
  const [base, ...actions] = node.pipe;
  const schema = convert(base!, named);
  return Object.assign({}, schema, ...actions.map((action) => describeAction(action, schema)));
}

function convert(node: Node, named: NamedSchemas): JsonSchema {
  return jsonSchemaOf(node as unknown as v.GenericSchema, named);
}

function describeType(node: Node, named: NamedSchemas): JsonSchema {
  switch (node.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return { type: node.type };
    case 'literal':
      return { const: node.literal };
    case 'picklist':
      return { enum: node.options };
    case 'array':
      return { type: 'array', items: convert(node.item!, named) };
    case 'record':
      return { type: 'object', additionalProperties: convert(node.value!, named) };
    case 'nullable':
      return { anyOf: [convert(node.wrapped!, named), { type: 'null' }] };
    case 'exact_optional':
      return convert(node.wrapped!, named);
    case 'union':
      return { anyOf: node.options!.map((option) => convert(option as Node, named)) };
    case 'strict_object':
      return describeObject(node.entries!, named);
    default:
      throw new RetortError(
        'unsupported_schema',
        `openapi.json: no JSON Schema is known for valibot's "${node.type}".`,
      );
  }
}

function describeObject(entries: Readonly<Record<string, Node>>, named: NamedSchemas): JsonSchema {
  const fields = Object.entries(entries);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, convert(field, named)])),
    required: fields.filter(([, field]) => field.type !== 'exact_optional').map(([name]) => name),
    additionalProperties: false,
  };
}

function describeAction({ type, requirement, description }: Node, schema: JsonSchema): JsonSchema {
  switch (type) {
    case 'integer':
      return { type: 'integer' };
    case 'min_value':
      return { minimum: requirement };
    case 'max_value':
      return { maximum: requirement };
    case 'min_length':
      return schema.type === 'array' ? { minItems: requirement } : { minLength: requirement };
    case 'description':
      return { description };
    default:
      throw new RetortError('unsupported_schema', `openapi.json: no JSON Schema is known for valibot's "${type}".`);
  }
}
