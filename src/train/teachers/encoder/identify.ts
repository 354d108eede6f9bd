/** What an encoder is known by before it is loaded. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { arithmeticOf } from '../../backend.ts';
import { fileFault } from '../../file-fault.ts';
import type { ModelIdentity, ModelSpec } from '../teacher.ts';
import { checkHead } from './checkpoint-head.ts';
import type { EncoderOptions } from './encoder-config.ts';
import { readEncoderSpec } from './encoder-spec.ts';
import { checkEncoderTensors } from './encoder-tensors.ts';
import { readEncoderTokenizer } from './encoder-tokenizer.ts';
import { invalidModel } from './invalid-model.ts';
import { WeightFile } from './weight-file.ts';

/** Changes whenever this code would change an output. */
const REVISION = 2;

const TOKENIZER_FILE = 'tokenizer.json';
const OLDER_TOKENIZER_FILES: readonly string[] = ['vocab.txt', 'vocab.json', 'merges.txt', 'tokenizer_config.json'];

/** @returns the names of the files of a tokenizer in a directory, those that `readTokenizer` reads */
export async function tokenizerFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory);
  if (names.includes(TOKENIZER_FILE)) return [TOKENIZER_FILE];
  return OLDER_TOKENIZER_FILES.filter((name) => names.includes(name));
}

/**
 * Hashes everything that determines an output, and looks whether the model can be run at all.
 *
 * @throws InputError with code `invalid_model`, or of the tokenizer
 */
export async function identifyEncoder(model: ModelSpec<EncoderOptions>): Promise<ModelIdentity> {
  const { options, backend, labels } = model;
  const { directory, maxTokens, maxCharacters, pooling, head } = options;
  const spec = await readEncoderSpec(directory);
  await readEncoderTokenizer(options, spec);
  const file = await WeightFile.open(join(directory, 'model.safetensors'));
  try {
    checkEncoderTensors(file, spec);
    if (head === 'checkpoint') checkHead(file, spec, model);
  } finally {
    await file.close();
  }
  const settings = { REVISION, maxTokens, maxCharacters, pooling, head, backend: arithmeticOf(backend) };
  const hash = createHash('sha256').update(JSON.stringify(settings));
  if (head === 'checkpoint') hash.update(JSON.stringify(labels));
  let bytes = 0;
  for (const name of ['config.json', ...(await tokenizerFiles(directory)), 'model.safetensors']) {
    const path = join(directory, name);
    const { size } = await stat(path);
    hash.update(`${name}:${size}:`);
    await pipeline(createReadStream(path), async (chunks) => {
      for await (const chunk of chunks) hash.update(chunk as Buffer);
    }).catch((cause) => {
      throw invalidModel(path, `expected a file that can be read, got ${fileFault(cause)}; check the path`, cause);
    });
    bytes += name === 'config.json' ? 0 : size;
  }
  const id = `encoder-${hash.digest('hex').slice(0, 32)}`;
  const output = head === 'checkpoint' ? 'logits' : 'features';
  const size = head === 'checkpoint' ? labels.length : spec.hiddenSize;
  return { id, name: basename(directory), output, size, bytes };
}
