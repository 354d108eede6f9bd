import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { encoder } from '../../../../src/train/teachers/encoder/encoder.ts';
import type { EncoderOptions } from '../../../../src/train/teachers/encoder/encoder-config.ts';
import { readEncoderSpec } from '../../../../src/train/teachers/encoder/encoder-spec.ts';
import { checkpointTensors, readEncoderTensors } from '../../../../src/train/teachers/encoder/encoder-tensors.ts';
import { type NamedTensor, WeightFile, writeWeights } from '../../../../src/train/teachers/encoder/weight-file.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { tinyEncoder, tinyOptions } from '../../../support/tiny-encoders.ts';

const folder = temporaryFolder('encoder');

const identify = (options: EncoderOptions, backend: 'wasm' | 'cpu' = 'wasm', labels = ['a', 'b']) =>
  encoder.identify({ options, backend, labels, multiLabel: false });

/** A copy of the tiny BERT that `change` may damage. */
function copyOf(change: (directory: string) => void): EncoderOptions {
  const directory = join(folder, 'copy');
  rmSync(directory, { recursive: true, force: true });
  cpSync(tinyEncoder('bert'), directory, { recursive: true });
  change(directory);
  return tinyOptions('bert', { directory });
}

describe('options of an encoder', () => {
  const parse = (options: object) => v.parse(encoder.schema, { kind: 'encoder', directory: 'model', ...options });

  it('have defaults: frozen, mean pooling, 128 tokens of 16 characters', () => {
    expect(parse({})).toEqual({
      kind: 'encoder',
      directory: 'model',
      maxTokens: 128,
      maxCharacters: 2048,
      pooling: 'mean',
      head: 'fitted',
      fineTune: null,
    });
    expect(encoder.needsFit!(parse({}))).toBe(false);
  });

  it('fine-tune the whole model for 3 epochs where nothing else is said', () => {
    expect(parse({ fineTune: {} }).fineTune).toEqual({
      layers: 'all',
      epochs: 3,
      batchSize: 32,
      learningRate: 1e-4,
      warmup: 0.1,
      weightDecay: 0.01,
      dropout: 0.1,
      patience: null,
    });
    expect(encoder.needsFit!(parse({ fineTune: {} }))).toBe(true);
  });

  it.each([
    { directory: '' },
    { maxTokens: 2 },
    { pooling: 'max' },
    { head: 'own' },
    { head: 'checkpoint', fineTune: {} },
    { fineTune: { layers: 0 } },
    { fineTune: { layers: 'top' } },
    { fineTune: { dropout: 1 } },
    { fineTune: { learningRate: 0 } },
    { fineTune: { epoch: 3 } },
  ])('refuse %j', (options) => {
    expect(v.safeParse(encoder.schema, { kind: 'encoder', directory: 'model', ...options }).success).toBe(false);
  });
});

describe('identity of an encoder', () => {
  it('depends on weights, tokenizer, limits, pooling and backend, not on the directory', async () => {
    const same = copyOf(() => undefined);
    const { id, ...rest } = await identify(tinyOptions('bert'));
    expect(rest).toEqual({ name: 'bert', output: 'features', size: 24, bytes: expect.any(Number) });
    expect((await identify(same)).id).toBe(id);
    const others = [
      await identify(tinyOptions('bert', { pooling: 'cls' })),
      await identify(tinyOptions('bert', { maxTokens: 20 })),
      await identify(tinyOptions('bert', { maxCharacters: 20 })),
      await identify(tinyOptions('bert'), 'cpu'),
      await identify(tinyOptions('distilbert')),
      await identify(copyOf((directory) => flipLastByte(join(directory, 'model.safetensors')))),
    ];
    expect(new Set([id, ...others.map((other) => other.id)]).size).toBe(1 + others.length);
  });

  it('depends on the older files of a tokenizer where there is no tokenizer.json', async () => {
    const older = (pieces: readonly string[]): EncoderOptions =>
      copyOf((directory) => {
        rmSync(join(directory, 'tokenizer.json'));
        writeFileSync(join(directory, 'vocab.txt'), pieces.join('\n'));
      });
    const pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'a', 'b'];
    const { id } = await identify(older(pieces));
    expect((await identify(older(pieces))).id).toBe(id);
    expect((await identify(older([...pieces.slice(0, 5), 'c']))).id).not.toBe(id);
  });

  it.each(['config.json', 'tokenizer.json', 'model.safetensors'])('names %s where it is missing', async (name) => {
    const options = copyOf((directory) => rmSync(join(directory, name)));
    await expect(identify(options)).rejects.toThrow(name);
  });

  it('names the tensor that is missing or of another shape', async () => {
    const shape = await withTensors((tensors) => [{ ...tensors[0], shape: [200, 23], values: new Float32Array(4600) }]);
    await expect(identify(shape)).rejects.toThrow('tensor embeddings.word_embeddings.weight: expected [200, 24]');
    const missing = await withTensors((tensors) =>
      tensors.filter(({ name }) => !name.includes('layer.1.output.dense')),
    );
    await expect(identify(missing)).rejects.toThrow(
      'tensor encoder.layer.1.output.dense.weight: expected [24, 48], got no',
    );
    const other = await withTensors((tensors) =>
      tensors.map((tensor) => ({ ...tensor, name: `vision.${tensor.name}` })),
    );
    await expect(identify(other)).rejects.toThrow('expected the table of words of a bert');
  });

  it('asks for no more tokens than the model has positions, and for a vocabulary that fits', async () => {
    await expect(identify(tinyOptions('bert', { maxTokens: 41 }))).rejects.toThrow(
      'the 40 positions of the model, got 41',
    );
    const foreign = copyOf((directory) =>
      cpSync(join(tinyEncoder('roberta'), 'tokenizer.json'), join(directory, 'tokenizer.json')),
    );
    await expect(identify(foreign)).rejects.toThrow('expected at most the 200 ids of config.json, got 300');
  });
});

describe("identity of an encoder with its checkpoint's head", () => {
  const options = tinyOptions('bert', { pooling: 'cls', head: 'checkpoint' });

  it('is one of logits, and depends on the order of the labels', async () => {
    const identity = await identify(options, 'wasm', ['place', 'person', 'thing']);
    expect(identity).toMatchObject({ output: 'logits', size: 3 });
    expect((await identify(options, 'wasm', ['person', 'place', 'thing'])).id).not.toBe(identity.id);
  });

  it('needs the labels of the data, all of them and no others', async () => {
    const others = [
      ['place', 'person'],
      ['place', 'person', 'object'],
      ['place', 'person', 'thing', 'date'],
    ];
    for (const labels of others) {
      const message = `expected the labels of the data, ${labels.join(', ')}, got place, person, thing`;
      await expect(identify(options, 'wasm', labels)).rejects.toThrow(message);
    }
  });

  it('names the tensor of the head that a checkpoint without one lacks', async () => {
    const { directory } = await withTensors((tensors) => tensors);
    const wanted = identify({ ...options, directory }, 'wasm', ['place', 'person', 'thing']);
    await expect(wanted).rejects.toThrow('tensor bert.pooler.dense.weight: expected [24, 24], got no such tensor');
  });
});

function flipLastByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(path, bytes);
}

/** A copy of the tiny BERT, without a prefix, with other tensors. */
async function withTensors(
  change: (tensors: readonly NamedTensor[]) => readonly NamedTensor[],
): Promise<EncoderOptions> {
  const spec = await readEncoderSpec(tinyEncoder('bert'));
  const file = await WeightFile.open(join(tinyEncoder('bert'), 'model.safetensors'));
  const tensors = checkpointTensors(spec, await readEncoderTensors(file, spec));
  await file.close();
  const options = copyOf(() => undefined);
  await writeWeights(join(options.directory, 'model.safetensors'), change(tensors));
  return options;
}
