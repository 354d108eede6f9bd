/** Teacher: an ONNX model in a Hugging Face directory, run by ONNX Runtime. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createTokenizer } from '../../../runtime/index.ts';
import { fileFault } from '../../file-fault.ts';
import { checkPeer, type Peer } from '../../peers.ts';
import { readTokenizer } from '../../tokenizers/tokenizer-json.ts';
import type { ModelIdentity, ModelSpec } from '../teacher.ts';
import type { TeacherKind } from '../teacher-kind.ts';
import type { OnnxOptions } from './onnx-config.ts';
import { invalidOnnx, readOnnxDirectory } from './onnx-directory.ts';
import { ONNX_KEYS, ONNX_SCHEMA } from './onnx-schema.ts';

/** Changes whenever this code would change an output. */
const REVISION = 1;

const ONNX_RUNTIME: Peer = {
  name: 'onnxruntime-node',
  neededBy: 'an ONNX teacher',
  install: 'npm install onnxruntime-node@^1.30.0',
};

/** The kind. */
export const onnx: TeacherKind<OnnxOptions> = {
  schema: ONNX_SCHEMA,
  keys: ONNX_KEYS,
  paths: ['directory'],
  runsIn: 'threads',
  batchSize: 16,
  identify,
  async load(spec) {
    // ONNX Runtime comes with it.
    const { loadOnnx } = await import('./onnx-model.ts');
    return loadOnnx(spec);
  },
  async tokenizer(options) {
    const { spec, tensors } = await readTokenizer(options.directory);
    return createTokenizer(spec, options, tensors);
  },
  vocabulary: ({ directory }) => readTokenizer(directory),
};

async function identify(spec: ModelSpec<OnnxOptions>): Promise<ModelIdentity> {
  const { options, labels } = spec;
  checkPeer(ONNX_RUNTIME);
  const { files, output, size, order } = await readOnnxDirectory(spec);
  await readTokenizer(options.directory);
  const { maxTokens, maxCharacters, pooling, device } = options;
  const way = output === 'logits' ? { labels, order } : { pooling };
  const hash = createHash('sha256').update(
    JSON.stringify({ REVISION, maxTokens, maxCharacters, device, output, ...way }),
  );
  let bytes = 0;
  for (const path of [...files, join(options.directory, 'tokenizer.json')]) {
    try {
      const { size: length } = await stat(path);
      bytes += length;
      hash.update(`${length}:`);
      for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    } catch (cause) {
      throw invalidOnnx(path, `expected a file that can be read, got ${fileFault(cause)}; check the path`, cause);
    }
  }
  const id = `onnx-${hash.digest('hex').slice(0, 32)}`;
  return { id, name: basename(options.directory), output, size, bytes };
}
