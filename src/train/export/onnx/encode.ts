/** From a model to the bytes of its file, by protobufjs, an optional peer. */
import type { INamespace } from 'protobufjs/light.js';
import { checkPeer } from '../../peers.ts';
import { type ModelProto, ONNX_SCHEMA } from './schema.ts';

/**
 * @returns the same bytes for the same model
 * @throws UnsupportedError with code `missing_peer` where protobufjs is not installed
 */
export async function encodeModel(model: ModelProto): Promise<Uint8Array> {
  const name = 'protobufjs/light.js';
  checkPeer({ name, neededBy: 'an export to ONNX', install: 'npm install protobufjs@^8.8.1' });
  // Which of its names Node sees as exports of their own depends on the version; the default one has all.
  const { default: protobuf } = await import('protobufjs/light.js');
  const type = protobuf.Root.fromJSON(ONNX_SCHEMA as INamespace).lookupType('ModelProto');
  return type.encode(model as unknown as Record<string, unknown>).finish();
}
