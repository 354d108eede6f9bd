/** An ONNX model's config, checked and with its defaults. */
import * as v from 'valibot';
import { namesBy } from '../requests/endpoint-options.ts';
import type { OnnxOptions } from './onnx-config.ts';

const positive = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(1));

const FIELDS = v.strictObject({
  kind: v.literal('onnx'),
  directory: v.pipe(v.string(), v.nonEmpty('Expected a folder')),
  file: v.optional(v.nullable(v.pipe(v.string(), v.nonEmpty('Expected a file'))), null),
  output: v.optional(v.nullable(v.picklist(['logits', 'features'])), null),
  pooling: v.optional(v.picklist(['mean', 'cls']), 'mean'),
  labels: v.optional(namesBy(v.string(), v.string()), {}),
  maxTokens: v.optional(v.pipe(positive, v.minValue(3)), 128),
  maxCharacters: v.optional(positive),
  device: v.optional(v.picklist(['cpu', 'cuda']), 'cpu'),
});

/** Checks options and fills in the defaults. */
export const ONNX_SCHEMA: v.GenericSchema<unknown, OnnxOptions> = v.pipe(
  FIELDS,
  v.transform((fields) => ({ ...fields, maxCharacters: fields.maxCharacters ?? 16 * fields.maxTokens })),
);

/** Every key of the schema. */
export const ONNX_KEYS: readonly string[] = Object.keys(FIELDS.entries);
